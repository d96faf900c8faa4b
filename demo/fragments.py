"""The ordinary parts of bodies: headings, pictures, links, quotations, videos, tables, lists."""

from __future__ import annotations

from demo.story import SITE, Story, tag_link


def headings(story: Story) -> str:
    """Headings of both levels, the lower one in bold as editors paste it."""
    return (
        f"<h2>{story.city}的新面貌</h2>\n<p>{story.text()}</p>\n"
        f"<h3><strong>1. 从{story.topic.tags[0]}说起</strong></h3>\n<p>{story.text()}</p>"
    )


def heading(story: Story) -> str:
    """One heading, partly a tag link."""
    return f"<h2>{tag_link(story.topic.tags[1])}与{story.city}</h2>\n<p>{story.text()}</p>"


def figure(story: Story) -> str:
    """The site's own picture markup: a small picture that links to the large one."""
    number, src = int(story.where.id[1:]) + 2, story.image(2)
    return (
        f'<figure id="attachment_{number}" style="width: 600px" class="wp-caption aligncenter">'
        f'<a href="{src.replace("-600x400", "")}" target="_blank">\n'
        f'  <img class="size-large wp-image-{number}" src="{src}" alt="" width="600" height="400"/>'
        f'</a><figcaption class="wp-caption-text" id="caption-attachment-{number}">'
        f"{story.caption()}</figcaption></figure>"
    )


def bare_image(story: Story) -> str:
    """A picture in a paragraph of its own, the caption merely below it."""
    return (
        f'<p><img class="aligncenter size-large" src="{story.image(3)}" alt="{story.city}" '
        f'width="600" height="400" /><br />\n{story.caption()}</p>'
    )


def tag_links(story: Story) -> str:
    """Tag links in running text, one with lower-case escapes."""
    first, second, third = (tag_link(tag) for tag in story.topic.tags)
    escaped, _, rest = second.partition(".html")
    return f"<p>{first}、{escaped.lower()}.html{rest}和{third}是这里的日常。{story.text()}</p>"


def earlier_article(story: Story) -> str:
    """A link to an article published before this one."""
    return f'<p>此前报导：<a href="{story.other(3).url}">{story.city}的另一个早晨</a>。</p>'


def later_article(story: Story) -> str:
    """A link, added by an editor afterwards, to an article that came out later."""
    return f'<p>后续：<a href="{story.other(-2).url}" target="_blank">{story.sentence()}</a></p>'


def article_spellings(story: Story) -> str:
    """The same kind of link in the spellings that occur: query, fragment, hosts, edition, AMP."""
    one, two, three = (story.other(offset) for offset in (5, 8, 13))
    return (
        f'<p>延伸阅读：<a href="{one.url}?utm_source=portal#main">其一</a>、'
        f'<a href="{two.url}#_Toc2020052812">其二</a>、'
        f'<a href="http://www.epochtimes.com{one.path}">其三</a>、'
        f'<a href="https://epochtimes.com{two.path}">其四</a>、'
        f'<a href="{SITE}{three.path.replace("/gb/", "/b5/")}">其五</a>、'
        f'<a href="{three.url}/amp">其六</a>；'
        f'图集见<a href="{three.url}/harbour-tour_3">附件</a>。</p>'
    )


def outside_link(story: Story) -> str:
    """Links to another site, one with tracking parameters, one with a space and brackets."""
    return (
        '<p>详情见<a href="https://example.org/guide?page=2&amp;utm_source=news&amp;utm_medium=web">'
        f'导览手册</a>和<a href="https://example.org/maps/old town (1).pdf">旧地图</a>。'
        f"{story.sentence()}</p>"
    )


def tweet(story: Story) -> str:
    """A quoted tweet with the script that the site leaves behind it."""
    status = f"https://twitter.com/example_port/status/{int(story.where.id[1:])}0001"
    return (
        '<blockquote class="twitter-tweet" data-lang="en">\n<p dir="ltr" lang="en">The lamp is lit '
        'again &#8212; see you at the pier. <a href="https://twitter.com/hashtag/lamp?src=hash&amp;'
        'ref_src=twsrc%5Etfw">#lamp</a> <a href="https://t.co/ab12CD34ef">'
        "pic.twitter.com/ab12CD34ef</a></p>\n<p>&#8212; Example Port (@example_port) "
        f'<a href="{status}?ref_src=twsrc%5Etfw">December 8, 2021</a></p></blockquote>\n'
        '<p><script async src="https://platform.twitter.com/widgets.js"></script></p>'
    )


def quotation(story: Story) -> str:
    """A plain quotation of two paragraphs."""
    return f"<blockquote><p>{story.sentence()}</p>\n<p>{story.sentence()}</p></blockquote>"


def verse(story: Story) -> str:
    """A poem whose lines are line breaks, one stanza indented with full-width spaces."""
    return (
        f"<p>潮来灯火近，<br />\n潮去月光长。<br />\n{story.city}一夜雨，<br />\n桅影上东墙。</p>\n"
        "<p>　　晨钟敲醒鸥鸟，<br>　　木船载着书香。</p>"
    )


def youtube(story: Story) -> str:
    """A YouTube frame in each of the two wrappings that occur."""
    key = f"{story.index:06d}demo1"
    return (
        f'<div class="video_fit_container"><iframe src="//www.youtube.com/embed/{key}?rel=0" '
        'width="560" height="315" allowfullscreen="allowfullscreen"></iframe></div>\n'
        f'<p><iframe src="https://www.youtube.com/embed/{key[::-1]}" width="560" height="315" '
        'frameborder="0" allowfullscreen="allowfullscreen"></iframe><br />\n'
        f"<strong>{story.city}航拍</strong></p>"
    )


def youmaker(story: Story) -> str:
    """The site's own player, a script, with a download link below."""
    video = f"2021/1208/00000000-0000-4000-8000-{story.index:012d}"
    return (
        "<p>完整视频：</p>\n"
        '<p style="text-align: center;"><div class="video_fit_container">'
        f'<script data-ratio="56.25%" src="//www.youmaker.com/{video}'
        '?r=16x9&amp;s=1920x1080&cat=ncid1247351&api=2"></script>'
        f'</div></p>\n<p><a href="https://vs.ntd.tv/{video}/video_1080p.mp4">点击下载视频</a></p>'
    )


def facebook(story: Story) -> str:
    """A Facebook frame."""
    target = f"https%3A%2F%2Fwww.facebook.com%2Fexample%2Fvideos%2F{story.index}%2F"
    return (
        f'<p><iframe src="https://www.facebook.com/plugins/video.php?href={target}&show_text=0" '
        'width="560" height="315" scrolling="no"></iframe></p>'
    )


def table(story: Story) -> str:
    """A table with a heading row, an empty cell, a bar and a line break inside cells."""
    return (
        '<table border="1" class="aligncenter" width="580">\n<tbody>\n'
        "<tr><td><strong>地点</strong></td>\n<td><strong>时间</strong></td>\n<td>备注</td></tr>\n"
        f'<tr><td nowrap="nowrap">{story.city}</td>\n<td>9:00|17:00</td>\n<td></td></tr>\n'
        f"<tr><td>{story.topic.tags[0]}</td>\n<td>10:00<br />\n16:00</td>\n"
        "<td><p>雨天照常</p></td></tr>\n"
        "</tbody></table>"
    )


def lists(story: Story) -> str:
    """A bulleted list and a numbered one."""
    items = "\n".join(f"<li>{story.sentence()}</li>" for _ in range(3))
    return f"<ul>\n{items}\n</ul>\n<ol>\n<li>先看潮汐表</li>\n<li>再<b>订</b>船票</li>\n</ol>"


def footnotes(story: Story) -> str:
    """References and notes that link to each other inside the page."""
    return (
        f'<p>{story.sentence()}<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a></p>\n'
        f'<p><a href="#_ftnref1" name="_ftn1">[1]</a> 《{story.city}志》，第三卷。</p>'
    )


def contents(story: Story) -> str:
    """A table of contents that links to anchors in headings."""
    first, second = f"_Toc{5140000 + story.index}", f"_Toc{5150000 + story.index}"
    return (
        f'<p><a href="#{first}">1. 缘起</a><br />\n<a href="#{second}">2. 后来</a></p>\n'
        f'<h2><a name="{first}"></a>1. 缘起</h2>\n<p>{story.text()}</p>\n'
        f'<h2><a name="{second}"></a>2.\xa0后来</h2>\n<p>{story.text()}</p>'
    )


FRAGMENTS = (
    *(figure, headings, tweet, heading, bare_image, tag_links, earlier_article, later_article),
    *(article_spellings, outside_link, quotation, verse, youtube, youmaker, facebook, table),
    *(lists, footnotes, contents),
)
