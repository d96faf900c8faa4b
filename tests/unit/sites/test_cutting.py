"""Pages cut down to what is parsed of them."""

from __future__ import annotations

import pytest

from mirror.sites.cutting import CutMarks, cut_out

BOUNDS = CutMarks(starts=("<h1",), end="<!-- end -->", behind=("<aside", "<footer"))
BODY = "<body><nav>栏目</nav><h1>题</h1><p>文</p><!-- end --><i>标签</i>"
KEPT = "<h1>题</h1><p>文</p><!-- end --><i>标签</i>"
DATA = '<script type="application/ld+json">{"a": 1}</script>'


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("<head><meta a>", "<head><meta a>"),
        ("<head><meta a><style>p{}</style><script>x</script><meta b>", "<head><meta a><meta b>"),
        ('<head><script>"<style>"</script><meta b>', "<head><meta b>"),
        ('<head><script>"<h1>"</script><meta b>', "<head><meta b>"),
        ("<head><script>open", "<head><script>open"),
        ("<head><scripture><meta b>", "<head><scripture><meta b>"),
        (f"<head>{DATA}<style>p</style><meta b>", f"<head>{DATA}<meta b>"),
        (f"<head><script>x</script><meta b>{DATA}", f"<head><meta b>{DATA}"),
    ],
)
def test_head_is_kept_without_its_first_scripts(head: str, kept: str) -> None:
    assert cut_out(f"{head}</head>{BODY}<aside>旁</aside><footer>", BOUNDS) == kept + KEPT


@pytest.mark.parametrize(
    "page",
    [
        f"<head>{BODY}",
        f"<head></head>{BODY.replace('<!-- end -->', '')}",
        f"<head></head>{BODY.replace('<h1>', '')}",
        f"<head><h1>头</h1></head>{BODY}",
        "<head></head><!-- end --><h1>题</h1>",
    ],
)
def test_page_without_the_marks_in_order_is_kept_whole(page: str) -> None:
    assert cut_out(page, BOUNDS) == page


@pytest.mark.parametrize("place", ["<nav>", "<aside>"])
def test_structured_data_is_kept_from_wherever_it_stands(place: str) -> None:
    page = f"<head></head>{BODY}<aside>旁</aside>".replace(place, f"{DATA}{place}")
    assert cut_out(page, BOUNDS) == f"<head>{KEPT}{DATA}"


def test_half_of_structured_data_is_left_out() -> None:
    page = f"<head></head>{BODY}<aside>{DATA.removesuffix('</script>')}"
    assert cut_out(page, BOUNDS) == f"<head>{KEPT}"
