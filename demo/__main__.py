"""Mirror the demo site and its small second source once and show what came of it: `python -m demo`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from demo.articles import MAIN_SECTION, Article, made_up_articles
from demo.second import SECOND_SECTION, second_articles, second_pages
from demo.server import DemoServer
from demo.site import demo_pages

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = Path("output-demo")
DATABASE = Path("state/demo.db")
SHOWN_LINES = 15
SHOWN_COLUMNS = 100


def main() -> int:
    """Serve, crawl, report; the status is the crawl's, or 1 if there is no page."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--log-level", default="WARNING", help="how much Scrapy says")
    options = parser.parse_args()
    articles = made_up_articles()
    listed = [article for article in articles if MAIN_SECTION in article.sections]
    second = second_articles(articles)
    with DemoServer(demo_pages(articles) | second_pages(second)) as server:
        count = len(listed) + len(second)
        print(
            f"Mirroring {count} made-up articles of two sources from {server.url} ...", flush=True
        )
        status = crawl(server.url, options.log_level)
    pages = sorted((ROOT / OUTPUT).rglob("[an][0-9]*.md"))
    print(f"{len(pages)} pages in {OUTPUT}/, the database in {DATABASE}")
    if pages:
        show(newest(pages, listed))
    return status or int(not pages)


def crawl(source_url: str, log_level: str) -> int:
    """Run the section spider against the server and return its exit status."""
    (ROOT / DATABASE).parent.mkdir(exist_ok=True)
    settings = {
        "MIRROR_SOURCE_URL": source_url,
        "MIRROR_OUTPUT": OUTPUT,
        "MIRROR_DATABASE_URL": f"sqlite:///{DATABASE.as_posix()}",
        "MIRROR_PUBLIC_URL": "https://github.com/example/news/blob/main",
        "LOG_LEVEL": log_level,
    }
    sections = f"{MAIN_SECTION},ntd:{SECOND_SECTION}"
    command = [sys.executable, "-m", "scrapy", "crawl", "section", "-a", f"id={sections}"]
    for name, value in settings.items():
        command += ["-s", f"{name}={value}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def newest(pages: list[Path], articles: list[Article]) -> Path:
    """The page of the newest article that was published."""
    by_id = {page.stem: page for page in pages}
    return next((by_id[a.id] for a in articles if a.id in by_id), pages[0])


def show(page: Path) -> None:
    """Print a page as it is rendered, as far as a screen takes it, and its path."""
    console = Console(width=min(Console().width, SHOWN_COLUMNS), highlight=False)
    with console.capture() as rendered:
        console.print(Markdown(page.read_text(encoding="utf-8"), hyperlinks=True))
    lines = [line for line in rendered.get().splitlines() if line.strip()]
    print("\n".join(lines[:SHOWN_LINES]))
    print(f"\n... {page.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
