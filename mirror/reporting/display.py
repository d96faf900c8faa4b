"""The live display of a crawl on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.filesize import decimal as size
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mirror.quantities import duration
from mirror.reporting.summary import Figures, pages_told, rows_of, shown_of

_COLOURS = {"new": "green", "updated": "cyan", "refused": "yellow", "failed": "red"}


class Display:
    """Some lines at the foot of the terminal; what is written to sys.stderr goes above them."""

    def __init__(self, title: str):
        self.title = title
        self.console = Console(stderr=True)
        self.live = Live(console=self.console, auto_refresh=False, transient=True)

    def start(self) -> None:
        """Take the foot of the terminal."""
        self.live.start()

    def show(self, figures: Figures, doing: str) -> None:
        """Show the figures, and what the crawl is about."""
        self.live.update(shown(self.title, figures, doing), refresh=True)

    def stop(self) -> None:
        """Give the terminal back, without the display."""
        self.live.stop()


def show_table(title: str, figures: Figures) -> None:
    """Print the figures of a crawl that has ended as a table."""
    rows = Table(show_header=False, box=SIMPLE)
    rows.add_column(no_wrap=True)
    rows.add_column(justify="right", no_wrap=True)
    for row in rows_of(figures):
        rows.add_row(*row)
    Console(stderr=True, highlight=False).print(title, rows, markup=False)


def shown(title: str, figures: Figures, doing: str) -> RenderableType:
    """Return the display for any width of terminal."""
    counts = figures.counts
    pages, _, unit = pages_told(figures).rpartition(" listing ")
    cells = [_cell(f"listing {unit}", pages)]
    cells += [_cell(name, f"{counts[name]:,}", _COLOURS) for name in shown_of(counts)]
    cells += [_cell("a second", f"{figures.rate:.1f}"), _cell("received", size(counts["bytes"]))]
    return Group(
        _spread(Text(title, "bold"), Text(doing)), Columns(cells, padding=(0, 3)), _way(figures)
    )


def _cell(name: str, value: str, colours: dict[str, str] | None = None) -> Text:
    colour = (colours or {}).get(name, "") if value != "0" else ""
    return Text.assemble((value, f"bold {colour}"), " ", (name, "dim"))


def _way(figures: Figures) -> RenderableType:
    """Return how far it is: a bar if that is known."""
    left, took = figures.seconds_left, duration(figures.seconds)
    done, all_ = figures.articles, figures.articles + (figures.left or 0)
    sureness = figures.sureness
    told = f"{done:,} of {sureness}{all_:,} articles, {took}"
    told += f", {sureness or 'about '}{duration(left)} left" if left is not None else ""
    way = Table.grid(expand=True, padding=(0, 1))
    way.add_column(ratio=1)
    way.add_column(justify="right")
    way.add_row(ProgressBar(total=max(all_, 1), completed=done, width=None), Text(told))
    return way


def _spread(left: Text, right: Text) -> RenderableType:
    line = Table.grid(expand=True, padding=(0, 1))
    line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(left, right)
    return line
