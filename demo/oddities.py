"""The odd parts of bodies: pasted junk, broken markup, and text that looks like Markdown."""

from __future__ import annotations

from demo.story import SITE, Story


def bold_punctuation(story: Story) -> str:
    """Bold that begins or ends with full-width punctuation, right beside a word."""
    return (
        "<p>负责人说，这是<strong>“重要”</strong>的一步，也是<b>（必须的）</b>准备；"
        f"<strong>{story.city}，</strong>从此不同。<strong>灯</strong><strong>塔</strong>"
        f"<em>《夜航》</em>已经<strong> 亮了 </strong>。</p>"
    )


def blank_paragraphs(story: Story) -> str:
    """Paragraphs that hold nothing to see, as removed videos leave them."""
    return f"<p>&nbsp;</p>\n<p>{story.text()}</p>\n<p></p>\n<center></center>\n<p>&nbsp; &nbsp;</p>"


def zero_width(story: Story) -> str:
    """Characters without width between Chinese ones."""
    return f"<p>{story.city}的\u200b\u200b春\u200c天\ufeff来了，{story.sentence()}</p>"


def translate_bubble(story: Story) -> str:
    """What Google Translate leaves in a text edited while it was on."""
    style = "position: absolute; visibility: hidden; left: 58px; top: 324px;"
    return (
        f'<p>{story.text()}</p>\n<div id="gtx-trans" style="{style}"><div class="gtx-trans-icon">'
        f'</div></div>\n<div id="gtx-anchor" style="{style}"></div>\n'
        '<div class="jfk-bubble gtx-bubble" style="visibility: visible;">译文气泡</div>'
    )


def inline_styles(story: Story) -> str:
    """Alignment and colour set by hand."""
    return (
        '<p style="text-align: center;"><span style="color: #800080;">'
        f"{story.sentence()}</span></p>\n"
        f"<p align=right><font color=#000080 size=2>——摘自{story.city}日记</font></p>"
    )


def pasted_spans(story: Story) -> str:
    """Spans from a word processor that cut words in pieces."""
    return (
        f'<p class="p1"><span class="s1">{story.city[0]}</span>'
        f'<span class="s2">{story.city[1:]}</span><span lang="EN-US">2021</span>'
        '<span class="s1">年的</span><span class="s3"><b></b>'
        f'<span style="font-family: 宋体;">计划</span></span>。{story.sentence()}</p>'
    )


def stray_end_tag(story: Story) -> str:
    """A paragraph closed twice."""
    return f"<p>{story.text()}</p>\n</p>\n<p>{story.text()}</p>"


def broken_table(story: Story) -> str:
    """A table in a centre that a paragraph end cuts, its attributes without quotes."""
    src = story.image(4)
    return (
        f"<p>{story.sentence()} <br /><center></p>\n"
        "<table cellpadding=3 cellspacing=3 border=0 width=100%>\n<tr>\n"
        f"<td align=center><a href={src.replace('-600x400', '')}><img src={src}></a></td>\n</tr>\n"
        f"<tr>\n<td align=center><span class=bn12>（{story.city}插图）</span></td>\n</tr>\n"
        "</table>\n<p></center></p>"
    )


def broken_links(story: Story) -> str:
    """Link targets with stray white space, doubled or cut schemes, and other slips."""
    url = story.other(4).url
    return (
        f'<p><a href=" {url} ">空格</a>、<a href="{url}\n">换行</a>、<a href="{url};">分号</a>、'
        f'<a href="http:{url}">两个协议</a>、<a href="{url[1:]}">少一个字母</a>、'
        f'<a href="“{url}”">弯引号</a>、<a href="{url[8:]}">无协议</a>、'
        f'<a href="{SITE}/wp-admin/post.php?post={story.index}&amp;action=edit">后台</a>、'
        '<a href="">空的</a>、<a>没有地址</a>。</p>\n'
        '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" alt="" /></p>'
    )


def active_content(story: Story) -> str:
    """Content that must never reach a published page."""
    return (
        "<p onclick=\"alert('p')\"><a href=\"javascript:alert('a')\">点这里</a>"
        f"{story.sentence()}</p>\n<style>.bn12 {{ color: red }}</style>\n"
        '<script>document.write("<p>脚本</p>");</script>\n'
        '<form action="https://example.org/poll"><input name="vote" /><button>投票</button></form>'
    )


def markdown_characters(story: Story) -> str:
    """Text that Markdown would take for markup, at the start of lines and inside them."""
    return "\n".join(
        f"<p>{line}</p>"
        for line in (
            "* 星号开头；5*3*2 = 30，*不是斜体*，**也不是粗体**。",
            "snake_case_name 与 __init__ 中的下划线",
            f"#1 号站台在{story.city}东侧。",
            "# 这不是标题",
            "1. 这一行以数字开头，不是列表。",
            "2021. 也不是。",
            "- 短横开头",
            "+ 加号开头",
            "&gt; 大于号开头",
            "文中有 [x](y)、![x](y)、[^1] 与 [x]: y。",
            "代码写作 &lt;script&gt;alert(1)&lt;/script&gt;，实体写作 &amp;nbsp; 和 &amp;lt;。",
            "甲 | 乙 | 丙",
            r"反引号 `a`，波浪线 ~~b~~，反斜线 C:\new\*，美元 $x_1$。",
            "    四个空格开头",
        )
    )


def rulers(story: Story) -> str:
    """Lines of signs that would make a heading or a rule of what stands above them."""
    return f"<p>{story.sentence()}<br />\n===<br />\n---</p>\n<p>***</p>\n<p>———</p>"


def wrapped_text(story: Story) -> str:
    """Source lines broken inside Chinese text, which show no space in a browser's reading."""
    return f"<p>\n  清晨的{story.city}\n安静得能\n  听见海。Tide\ntables 在入口处。\n</p>"


def nested_blocks(story: Story) -> str:
    """Text that stands in divisions and bare in the body, in place of paragraphs."""
    return (
        f"<div><div>{story.sentence()}<div>{story.sentence()}</div></div></div>\n{story.sentence()}"
    )


ODDITIES = (
    *(bold_punctuation, blank_paragraphs, zero_width, translate_bubble, inline_styles),
    *(pasted_spans, stray_end_tag, broken_table, broken_links, active_content),
    *(markdown_characters, rulers, wrapped_text, nested_blocks),
)
