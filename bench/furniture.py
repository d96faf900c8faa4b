"""What makes a page of the demo site as heavy as one of the real site: scripts, styles, menus, teasers."""

from __future__ import annotations

import random

_RULES, _MENUS, _ENTRIES, _TEASERS = 160, 12, 6, 40
_SCRIPT_BYTES = 11_000  # of each of the two
_WORDS = "港口 灯塔 早市 渡轮 茶馆 钟楼 夜航 潮汐 渔网 码头 山道 书店 花期 电车 风筝 石桥".split()


def furnished(page: str, seed: str) -> str:
    """Return a page of the demo with furniture round its article; pages of equal seeds get the same."""
    rng = random.Random(seed)
    page = page.replace("</head>", f"<style>{_STYLE}</style><script>{_HEAD}</script></head>", 1)
    page = page.replace('<div id="main">', f'{_MENU}<div id="main">', 1)
    return page.replace("</body>", f"{_teasers(rng)}<script>{_FOOT}</script></body>", 1)


def _script(seed: str) -> str:
    rng, lines, size = random.Random(seed), [], 0
    while size < _SCRIPT_BYTES:
        name = f"v{rng.getrandbits(32):x}"
        lines.append(
            f'var {name}=function(a,b){{if(a<b&&window["{name}"]){{slots.push("{rng.getrandbits(40)}");}}'
            f'return \'<div class="{name}">\'+a+"<\\/div>";}};'
        )
        size += len(lines[-1])
    return "\n".join(lines)


def _menu() -> str:
    rng, menus = random.Random("menu"), []
    for number in range(_MENUS):
        entries = "".join(
            f'<li class="menu-item"><a href="/gb/nf{number}{entry}.htm">'
            f"{''.join(rng.sample(_WORDS, 2))}</a></li>"
            for entry in range(_ENTRIES)
        )
        menus.append(f'<li class="menu-item dropdown"><ul class="sub-menu">{entries}</ul></li>')
    return f'<nav class="mega"><ul>{"".join(menus)}</ul></nav>'


def _teasers(rng: random.Random) -> str:
    teasers = "".join(
        f'<div class="teaser" data-track="{rng.getrandbits(64):x}">'
        f'<a href="/gb/21/{rng.randint(1, 12)}/{rng.randint(1, 28)}/n{rng.randint(10**7, 10**8)}.htm">'
        f'<img class="lazy" src="/assets/blank.svg" data-src="/assets/uploads/2021/{rng.getrandbits(48):x}'
        f'-320x200.jpg" width="320" height="200" alt="" /><span class="ttl">{"".join(rng.sample(_WORDS, 6))}'
        f"</span></a><span class=date>{rng.randint(1, 23)}小时前</span></div>\n"
        for _ in range(_TEASERS)
    )
    return f'<div class="more_posts">{teasers}</div>'


_STYLE = "\n".join(
    f".c{n} .e{n}:not(:first-child){{margin:{n % 20}px auto;padding:{n % 7}px;"
    f"color:#{n * 9973 % 0xFFFFFF:06x}}}"
    for n in range(_RULES)
)
_HEAD, _FOOT = _script("head"), _script("foot")
_MENU = _menu()
