"""What stands at both ends of an article's text: its dateline, the reporter, the editor."""

from __future__ import annotations

import re
from datetime import date

from mirror.content.text import one_line
from mirror.sites.times import day_in

_REPORTER_RE = re.compile(r"[（(]\s*([^()（）]{2,80}?)\s*[)）]")
_REPORTER_WORDS = ("记者", "記者", "报导", "報導", "报道", "報道", "编译", "編譯", "撰文", "综合")
_CLOSING_RE = re.compile(
    r"[（(\n。”！？]\s*([^()（）/\n]{0,12}[记記]者[^()（）/\n]{1,40}?)\s*(?:/\s*[责責]任[编編][辑輯][^\n]*|[)）])?\s*$"
)
_EDITOR_RE = re.compile(r"[责責]任[编編][辑輯]\s*[：:]\s*([^#＃◇\n]{1,40}?)\s*[#＃◇]*\s*[)）]?\s*$")
_START_CHARACTERS, _END_CHARACTERS = 400, 200  # of a text, with the dateline, with the editor


class Bylines:
    """Reads the texts of a source that names itself in its datelines: 【大纪元2021年12月29日讯】."""

    def __init__(self, source: str):
        """`source` is how it names itself, a regular expression."""
        self._dateline_re = re.compile(rf"[【\[]{source}[^】\]]{{0,40}}[】\]]\s*")

    def day(self, text: str) -> date | None:
        """Return the day of a text's dateline, None if it has none."""
        dateline = self._dateline_re.search(text[:_START_CHARACTERS])
        return day_in(dateline[0]) if dateline else None

    def reporter(self, text: str) -> str:
        """Return what stands in the brackets behind the dateline, or at the start without one."""
        dateline = self._dateline_re.search(text[:_START_CHARACTERS])
        found = _REPORTER_RE.match(text[dateline.end() if dateline else 0 :].lstrip())
        return one_line(found[1]) if found and any(w in found[1] for w in _REPORTER_WORDS) else ""

    def editor(self, text: str) -> str:
        """Return who answers for a text, as its last line says."""
        found = _EDITOR_RE.search(text[-_END_CHARACTERS:])
        return found[1] if found else ""


class ClosingBylines(Bylines):
    """Reads the texts of a source that names its reporters at the end: （记者李芸报导/责任编辑：李泉）."""

    def reporter(self, text: str) -> str:
        found = _CLOSING_RE.search(text[-_END_CHARACTERS:])
        return one_line(found[1]) if found else super().reporter(text)
