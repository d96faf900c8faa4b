"""Made-up news articles: the same ones every time, as many as wanted, newest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

from demo.fragments import FRAGMENTS, figure, heading
from demo.oddities import ODDITIES
from demo.story import SITE, Story, tag_link
from demo.words import BYLINES, EDITORS, END_MARKS, REPORTERS, TAILS

SECTIONS = {"nsc418": "国际", "nsc413": "大陆新闻", "nsc412": "美国", "nsc415": "港澳"}
MAIN_SECTION = "nsc418"
KINDS = FRAGMENTS + ODDITIES
ODD_TITLE_INDEX, CARTOON_INDEX, NO_DATELINE_INDEX = 2, len(KINDS), len(KINDS) + 1
_WEIGHTS = (66, 14, 12, 8)
_TAG_RE = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Article:
    """One article as its page shows it."""

    id: str
    path: str
    title: str
    sections: tuple[str, ...]
    published: datetime
    updated: datetime | None
    tags: tuple[str, ...]
    lead_image: str | None
    lead_alt: str
    lead_caption: str
    description: str
    body_html: str

    @property
    def url(self) -> str:
        """The address as the site itself writes it."""
        return SITE + self.path

    @property
    def modified(self) -> datetime:
        """When the page last changed."""
        return self.updated or self.published


def made_up_articles(count: int = 320) -> list[Article]:
    """The whole set; the first of each kind of body stands in the main section."""
    return list(iter_articles(count))


def iter_articles(count: int) -> Iterator[Article]:
    """The same articles one by one, for sets too large to keep."""
    for index in range(count):
        yield _write(Story(index, count))


def _write(story: Story) -> Article:
    rng, lead = story.rng, _lead(story)
    title, body = _title(story), _body(story, lead)
    has_image = rng.random() < 0.82
    updated = story.where.published + timedelta(seconds=rng.randrange(600, 200_000))
    return Article(
        id=story.where.id,
        path=story.where.path,
        title=title,
        sections=_sections(story),
        published=story.where.published,
        updated=updated if rng.random() < 0.28 else None,
        tags=(*rng.sample(story.topic.tags, rng.randint(1, 3)), story.city),
        lead_image=story.image(1) if has_image else None,
        lead_alt=title if has_image and rng.random() < 0.43 else "",
        lead_caption=story.caption() if has_image else "",
        description=_description(story, lead, body),
        body_html=body,
    )


def _lead(story: Story) -> str:
    """The opening names the place and the subject."""
    return f"{story.city}的{story.topic.tags[0]}最近成了居民谈论的话题。{story.text()}"


def _description(story: Story, lead: str, body: str) -> str:
    """Mostly the opening, at times one line a sentence or the whole text."""
    if story.index % 23 == 11:
        return lead.replace("。", "。\n").strip()
    return unescape(_TAG_RE.sub("", body)) if story.index % 47 == 13 else lead


def _title(story: Story) -> str:
    if story.index == ODD_TITLE_INDEX:
        return f"【组图】[{story.city}]夜景*2021* & “灯火”_第1回_ #1 <上>|100%"
    return f"{story.fill(story.rng.choice(story.topic.headlines))} {story.rng.choice(TAILS)}"


def _sections(story: Story) -> tuple[str, ...]:
    rng = story.rng
    first = rng.choices(tuple(SECTIONS), _WEIGHTS)[0]
    if story.index <= NO_DATELINE_INDEX:
        first = MAIN_SECTION
    if rng.random() >= 0.25:
        return (first,)
    others = [section for section in SECTIONS if section != first]
    return (first, *rng.sample(others, rng.choice((1, 1, 1, 2, 2, 3))))


def _body(story: Story, lead: str) -> str:
    if story.index == CARTOON_INDEX:
        src = story.image(1)
        return f'<p><a href="{src.replace("-600x400", "")}"><img src="{src}" alt="" /></a></p>'
    rng = story.rng
    blocks = [f"<p>{story.text()}</p>" for _ in range(rng.randint(4, 18))]
    for block in _special_blocks(story):
        blocks.insert(rng.randint(1, len(blocks)), block)
    return "\n".join((_opening(story, lead), *blocks, _closing(story)))


def _special_blocks(story: Story) -> list[str]:
    makers = [KINDS[story.index % len(KINDS)]]
    if story.rng.random() < 0.2 and figure not in makers:
        makers.append(figure)
    if story.rng.random() < 0.3 and heading not in makers:
        makers.append(heading)
    return [make(story) for make in makers]


def _opening(story: Story, lead: str) -> str:
    linked = lead.replace(story.city, tag_link(story.city), 1)
    if story.index == NO_DATELINE_INDEX:
        return f"<p>{linked}</p>"
    byline = story.rng.choice(BYLINES)
    byline = byline.replace("{name}", story.rng.choice(REPORTERS)).replace("{city}", story.city)
    return f"<p>【大纪元{story.where.published:%Y年%m月%d日}讯】{byline}{linked}</p>"


def _closing(story: Story) -> str:
    return f"<p>责任编辑：{story.rng.choice(EDITORS)}{story.rng.choice(END_MARKS)}</p>"
