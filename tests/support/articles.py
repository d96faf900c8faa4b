"""Made-up articles as values."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from mirror.items import ArticleItem

NOON = datetime(2021, 12, 1, 12, tzinfo=timezone(timedelta(hours=8)))


def article(number: int, **fields: object) -> ArticleItem:
    """Return the article of a number, always the same, with some fields as given."""
    draw = random.Random(number)
    given = {
        "lead_image": "https://i.example/a.jpg" if draw.random() < 0.8 else "",
        "body": f"<p>{number}</p>" + "<p>那段文字。</p>" * draw.randint(20, 90),
        "tags": ("题",),
        "title": f"第{number}篇",
        "published": NOON + timedelta(minutes=number),
        **fields,
    }
    return ArticleItem(
        id=f"n{number + 1000000}",
        site="epochtimes",
        url=f"https://x.example/{number}",
        section="nsc418",
        path=f"pages/{number}.md",
        **given,
    )
