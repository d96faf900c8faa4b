"""Texts that tell the same story, and those that only share a form."""

from __future__ import annotations

from demo.articles import made_up_articles
from mirror.content.likeness import MIN_SHARED, SAME_STORY, bare_text, likeness, sketch

ARTICLES = [article.body_html for article in made_up_articles(60)]
STORY = next(body for body in ARTICLES if len(bare_text(body)) > 800)


def shared(body: str, other: str) -> int:
    return len({*sketch(body)} & {*sketch(other)})


def test_story_with_another_beginning_and_end_is_the_same() -> None:
    told = f"<p>【另一家媒体12月9日讯】昨天发生了这样的事。</p>{STORY[40:-60]}<p>（编辑：某人）</p>"
    assert likeness(STORY, told) >= SAME_STORY
    assert shared(STORY, told) >= MIN_SHARED


def test_markup_pictures_and_punctuation_do_not_count() -> None:
    told = STORY.replace("</p>", "</p>\n<img src='x.jpg' alt='图'>").replace("，", ", ")
    assert (likeness(STORY, told), {*sketch(told)}) == (1, {*sketch(STORY)})
    markdown = "\n\n".join(STORY.replace("<p>", "").split("</p>")) + "[词](../a/n123456.md)"
    assert likeness(STORY, markdown) > 0.9


def test_articles_of_the_same_sentences_are_not_the_same_story() -> None:
    pairs = [(one, two) for n, one in enumerate(ARTICLES) for two in ARTICLES[:n]]
    assert max(likeness(one, two) for one, two in pairs) < SAME_STORY


def test_text_that_is_too_short_to_tell_is_like_none() -> None:
    assert (sketch("<p>晚间新闻，今天七点。"), likeness("晚间新闻" * 9, "晚间新闻" * 9)) == ([], 0)
    assert sketch("") == []


def test_sketch_is_the_same_in_every_process() -> None:
    assert sketch("一的" + "".join(map(chr, range(0x4E00, 0x4F00))))[:2] == [
        8081264096973865948,
        6139526499206128288,
    ]


def test_numbers_of_a_sketch_fit_into_a_database() -> None:
    assert all(0 <= number < 1 << 63 for body in ARTICLES for number in sketch(body))
