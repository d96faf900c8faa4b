"""Times of publication from sources that disagree."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import product

import pytest
from parsel import Selector

from mirror.sites import get_site
from mirror.sites.publication import claim, decide, shown
from mirror.sites.times import CHINA

SITE = get_site("epochtimes")
URL = "https://www.epochtimes.com/b5/26/10/7/n14866000.htm"
PUBLISHED = datetime(2026, 10, 8, 3, 29, 39, tzinfo=CHINA)
SAVED = datetime(2026, 10, 8, 3, 43, 27, tzinfo=CHINA)
EDITED = datetime(2026, 11, 2, 9, 15, 1, tzinfo=CHINA)


def false_z(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S}Z"


def true_z(time: datetime) -> str:
    return false_z(time.astimezone(timezone.utc))


def offset(time: datetime) -> str:
    return time.isoformat()


def no_zone(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat()


def clock(time: datetime) -> str:
    return (
        f"更新 {time:%Y-%m-%d} {time.hour % 12 or 12}:{time:%M} {'AM' if time.hour < 12 else 'PM'}"
    )


def page(
    *, printed: str = "", attribute: str = "", head: str = "", data: tuple[str, str] = ("", "")
) -> Selector:
    meta = f'<meta property="article:published_time" content="{head}">' if head else ""
    times = f'"datePublished": "{data[0]}", "dateModified": "{data[1]}"'
    node = f'{{"@type": "NewsArticle", "url": "{URL}", {times}}}'
    script = f'<script type="application/ld+json">{node}</script>' if any(data) else ""
    return Selector(
        f'<html><head>{meta}{script}</head><body><main id="main"><div class="main_content">'
        f'<div class="article"><h1>题</h1><div class="info"><time datetime="{attribute}">{printed}'
        '</time></div><div id="artbody" itemprop="articleBody"><p>【大纪元2026年10月08日讯】正文。</p>'
        "</div></div></div></main></body></html>"
    )


def minutes(time: datetime) -> datetime:
    return time.replace(second=0)


# ---- the layout of October 2026

PRINTED = {"no text": "", "text": clock(PUBLISHED)}
DATA = {"no data": None, "false Z": false_z, "true Z": true_z, "offset": offset}
HEADS = {
    "no head": None,
    "false Z": false_z,
    "true Z": true_z,
    "offset": offset,
    "no zone": no_zone,
    "true +00:00": lambda time: time.astimezone(timezone.utc).isoformat(),
    "false +00:00": lambda time: f"{no_zone(time)}+00:00",
}


def is_decided(printed: str, data: str, head: str, saved: datetime) -> bool:
    """Whether a page has enough sources: a foreign zone that nothing confirms is as good as none once
    the article was edited days later, which else shows the latest that it can have been published."""
    if (printed, data) != ("no text", "no data"):
        return True
    return head != "no head" and not (saved == EDITED and head in ("true Z", "false +00:00"))


@pytest.mark.parametrize(
    ("printed", "data", "head", "saved"),
    [case for case in product(PRINTED, DATA, HEADS, (SAVED, EDITED)) if is_decided(*case)],
)
def test_publication_is_right_whichever_sources_a_page_has(
    printed: str, data: str, head: str, saved: datetime
) -> None:
    data_time, head_time = DATA[data], HEADS[head]
    item = SITE.article(
        page(
            printed=PRINTED[printed],
            attribute=offset(saved),
            head=head_time(PUBLISHED) if head_time else "",
            data=(data_time(PUBLISHED), data_time(saved)) if data_time else ("", ""),
        ),
        URL,
    )
    assert minutes(item.published) == minutes(PUBLISHED)
    assert item.updated == saved


def test_page_without_a_publication_goes_by_the_day_of_its_text_once_it_is_edited() -> None:
    assert SITE.article(page(attribute=offset(SAVED)), URL).published == SAVED
    item = SITE.article(page(attribute=offset(EDITED)), URL)
    assert (item.published, item.updated) == (datetime(2026, 10, 8, tzinfo=CHINA), EDITED)


def test_seconds_come_from_the_source_that_has_them() -> None:
    told = page(printed=clock(PUBLISHED), attribute=offset(SAVED), data=(false_z(PUBLISHED), ""))
    assert SITE.article(told, URL).published == PUBLISHED


@pytest.mark.parametrize("hour", [0, 1, 11, 12, 13, 23])
def test_every_hour_of_the_printed_clock_is_read(hour: int) -> None:
    published = PUBLISHED.replace(hour=hour, minute=1, second=0)
    told = page(printed=clock(published), attribute=offset(EDITED))
    assert SITE.article(told, URL).published == published


def test_article_that_was_never_edited_has_no_update() -> None:
    told = page(printed=clock(PUBLISHED), attribute=offset(PUBLISHED))
    for day in ("10月08日", "10月07日"):
        item = SITE.article(Selector(told.get().replace("10月08日", day)), URL)
        assert (item.published, item.updated) == (PUBLISHED, None)


def test_structured_data_of_another_article_does_not_count() -> None:
    other = page(
        printed=clock(PUBLISHED), attribute=offset(SAVED), data=(false_z(EDITED), false_z(SAVED))
    ).get()
    told = Selector(other.replace("n14866000.htm", "n14866001.htm"))
    assert SITE.article(told, URL).published == minutes(PUBLISHED)


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        "null",
        '"x"',
        '{"@graph": 1}',
        "[" * 100_000,
        '{"@type": ["NewsArticle"], "url": {}}',
    ],
    ids=range(7),
)
def test_broken_structured_data_does_no_harm(data: str) -> None:
    told = page(printed=clock(PUBLISHED), attribute=offset(SAVED)).get()
    script = f'<script type="application/ld+json">{data}</script></head>'
    item = SITE.article(Selector(told.replace("</head>", script)), URL)
    assert item.published == minutes(PUBLISHED)


def test_structured_data_may_be_a_graph() -> None:
    told = page(attribute=offset(EDITED), data=(false_z(PUBLISHED), false_z(EDITED))).get()
    told = told.replace('{"@type"', '{"@graph": [{"@type": "WebPage"}, {"@type"').replace(
        "}</script>", "}]}</script>"
    )
    assert SITE.article(Selector(told), URL).published == PUBLISHED


# ---- which source is believed

DAY = date(2026, 10, 8)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, 8, hour, minute, tzinfo=CHINA)


def test_time_that_a_second_source_confirms_is_believed() -> None:
    element = shown(clock(at(9)), offset(at(11)), CHINA)
    head = claim(offset(at(8)), "", CHINA)
    data = claim(false_z(at(8)), "", CHINA)
    assert decide([element, head], DAY).published == at(9)
    assert decide([element, head, data], DAY).published == at(8)
    assert decide([data, element, head], DAY).published == at(8)


def test_text_that_repeats_the_attribute_is_no_publication() -> None:
    element = shown(clock(at(11)), offset(at(11)), CHINA)
    assert decide([element, claim(offset(at(8)), "", CHINA)], None) == (at(8), at(11))
    assert decide([element], None) == (None, at(11))


def test_article_is_not_published_after_it_was_saved() -> None:
    element = shown("", offset(at(11)), CHINA)
    head = claim(f"{no_zone(at(10))}+00:00", "", CHINA)  # 18 o'clock in China, if it were true
    assert decide([element, head], None).published == at(10)


def test_update_before_the_publication_is_none() -> None:
    element = shown("", offset(at(7)), CHINA)
    assert decide([element, claim(offset(at(8)), "", CHINA)], None) == (at(8), None)


def test_saved_time_with_a_false_zone_is_read_by_the_text() -> None:
    element = shown(clock(at(8)), false_z(at(9)), CHINA)
    assert decide([element, claim(offset(at(8)), "", CHINA)], None) == (at(8), at(9))


def test_nothing_said_is_nothing_known() -> None:
    assert decide([], None) == (None, None)
    assert decide([shown("更新", "gestern", CHINA), claim("", "bald", CHINA)], DAY) == (None, None)


# ---- the older layouts

OLDER = (
    '<html><head><meta property="article:published_time" content="{head}"></head><body>'
    '<div class="main_content"><div class="titles"><h1 class="title">题</h1></div><div class="info">'
    '<time datetime="{saved}">{text}</time></div><div id="artbody" class="post_content">'
    "<p>【大纪元2020年10月07日讯】正文。</p></div></div></body></html>"
)


@pytest.mark.parametrize("hours", [0, 2, 100])
def test_older_layout_prints_when_an_article_was_saved(hours: int) -> None:
    published = datetime(2020, 10, 7, 20, 1, 5, tzinfo=CHINA)
    saved = published + timedelta(hours=hours)
    told = OLDER.format(head=offset(published), saved=offset(saved), text=clock(saved))
    item = SITE.article(Selector(told), URL)
    assert (item.published, item.updated) == (published, saved if hours else None)


def test_older_layout_without_a_time_in_its_head_goes_by_the_one_it_shows() -> None:
    saved = datetime(2020, 10, 9, 0, 10, tzinfo=CHINA)
    told = OLDER.format(head="", saved=offset(saved), text=clock(saved))
    item = SITE.article(Selector(told), URL)
    assert (item.published, item.updated) == (saved, None)
