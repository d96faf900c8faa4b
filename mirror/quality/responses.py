"""Responses that are not what was asked for, though their status is 200: cut off, in another
charset than they say, or something that stands in the way of the page.

All of it passes: what is recognised here is tried again later.
"""

from __future__ import annotations

import re
from typing import TypeGuard

from parsel import Selector
from scrapy.http import HtmlResponse, Response, TextResponse

from mirror.content.markup_limits import PAGE, markup_excess
from mirror.content.selecting import selector_of

SHELL = "an empty shell"

_UNREADABLE = "\ufffd"  # what a decoder puts where bytes are none of the charset
_MAX_UNREADABLE = 20  # of them in a page; a single one may be the author's
_TAIL_CHARACTERS = 2_000  # at the end, in which a whole page is closed
_MIN_SHOWN_CHARACTERS = 60  # a page that shows less is still to be filled by its scripts
_MAX_HINDRANCE_CHARACTERS = 60_000  # challenges are small pages
_MAX_EMPTY_CHARACTERS = 3000
_SHOWN = "//text()[not(parent::script or parent::style or parent::noscript or ancestor::head)]"
_NOTHING_RE = re.compile(  # what embeds a player or a chart has its data- attributes
    r"(?:\s|&nbsp;|</?(?:p|br|div|span|center)\b(?![^<>]*\bdata-)[^<>]*>)*", re.IGNORECASE
)
_CHALLENGES = (  # marks of the services that put one in front of a site, and of plain ones
    "/cdn-cgi/challenge-platform",
    "cf-browser-verification",
    "cf-chl",
    "cf_chl",  # Cloudflare
    "Attention Required! | Cloudflare",
    "Just a moment...",
    "Checking your browser",
    "_Incapsula_Resource",
    "Incapsula incident",
    "px-captcha",
    "captcha-delivery.com",
    "sucuri_cloudproxy",
    "awswaf",
    "aws-waf-token",
    "errors.edgesuite.net",
    "ak_bmsc",
    "g-recaptcha",
    "h-captcha",
    "hcaptcha.com",
    "recaptcha/api",
    "cf-turnstile",
    "DDoS-Guard",
    "DDoS protection by",
    "Access Denied",
    "Request blocked",
    "Too Many Requests",
    "unusual traffic",
    "enable JavaScript and cookies",
    "Please enable cookies",
    "are a human",
    "not a robot",
    "访问过于频繁",
    "訪問過於頻繁",
    "请求过于频繁",
    "人机验证",
    "人機驗證",
    "安全验证",
    "安全驗證",
    "安全检查",
    "滑动验证",
    "输入验证码",
    "輸入驗證碼",
    "访问被拒绝",
    "访问被拦截",
    "网站防火墙",
)
_LOGIN_RE = re.compile(
    r"""<input[^>]{1,300}?type=["']?password|请先登[录錄入]|請先登[錄入]|登[录錄入][后後](?:继续|繼續|阅读|閱讀|查看)"""
    r"""|订阅(?:后|以)(?:继续|阅读)|(?:log|sign) in to (?:continue|read|view)|subscribers? only""",
    re.IGNORECASE,
)


def page_of(response: Response) -> Selector | None:
    """Return what can be selected from, None if the response is not readable."""
    if not is_readable(response):
        return None
    return selector_of(response.text) if isinstance(response, HtmlResponse) else response.selector


def is_readable(response: Response) -> TypeGuard[TextResponse]:
    """Whether the response is a text, and one that does not take minutes to parse."""
    return isinstance(response, TextResponse) and not markup_excess(response.text, PAGE)


def damage(response: Response, endings: tuple[str, ...]) -> str:
    """Return what shows that a response is not whole or not as it says; empty if nothing does.

    `endings` is what a whole page of the site may end with.
    """
    encoding = (response.headers.get("Content-Encoding") or b"identity").decode("latin-1")
    if encoding.strip().lower() != "identity":
        return f"encoded as {encoding}, which was not asked for"
    if not isinstance(response, TextResponse):
        return ""
    if excess := markup_excess(response.text, PAGE):
        return f"more than a page may hold: {excess}"
    return _damage(response, endings)


def _damage(page: TextResponse, endings: tuple[str, ...]) -> str:
    text, encoding = page.text, page.encoding
    if not text or text.isspace():
        return "an empty answer"
    if encoding not in ("utf-8", "ascii") and _is_utf8(page.body):
        return f"written in utf-8, but said to be {encoding}"
    if _UNREADABLE in text and text.count(_UNREADABLE) > _MAX_UNREADABLE:
        return f"not written in {encoding}, as it says"
    tail = text[-_TAIL_CHARACTERS:].lower()
    if not any(ending in tail for ending in endings) and text.rfind(endings[0]) < 0:
        return f"cut off: no {endings[0]}"
    return ""


def _is_utf8(body: bytes) -> bool:
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def hindrance(response: Response) -> str:
    """Return what stands in the way of what was asked for; empty if nothing does.

    For Cloudflare's see
    https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    """
    page = page_of(response)
    if page is None or not isinstance(response, TextResponse):
        return ""
    if response.headers.get("cf-mitigated") == b"challenge":
        return "a challenge"
    text = response.text
    if len(text) < _MAX_HINDRANCE_CHARACTERS and any(mark in text for mark in _CHALLENGES):
        return "a challenge or a block"
    if _LOGIN_RE.search(text):
        return "a demand to log in"
    if sum(len(shown.strip()) for shown in page.xpath(_SHOWN).getall()) < _MIN_SHOWN_CHARACTERS:
        return SHELL
    return ""


def is_empty(html: str) -> bool:
    """Whether the HTML of a body shows nothing at all.

    >>> is_empty("<p>&nbsp;</p> <div class=x></div>"), is_empty("<p><img src=x></p>"), is_empty("。")
    (True, False, False)
    """
    return len(html) < _MAX_EMPTY_CHARACTERS and _NOTHING_RE.fullmatch(html) is not None


def is_garbled(title: str) -> bool:
    """Whether a title is Chinese that somebody decoded from a wrong charset, and sent so.

    >>> [is_garbled("美国总统".encode(real).decode("latin-1")) for real in ("utf-8", "gbk")]
    [True, True]
    >>> is_garbled("美国总统".encode().decode("gbk")), is_garbled("Café, naïveté"), is_garbled("大纪元")
    (True, False, False)
    """
    foreign = sum("\x80" <= character <= "\xff" for character in title)
    if foreign > 2 and foreign * 3 > len(title):
        return True
    try:
        shown = title.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return len(title) > 5 and not shown.isascii()
