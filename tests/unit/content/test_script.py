"""The other script: hard words, and what is never converted."""

from __future__ import annotations

import pytest

from mirror.content.script import html_in, markdown_in, table, text_in

pytest.importorskip("zhconv_rs", reason="requirements-script.txt")

TO_HANT = """
头发长了，经济发展 頭髮長了，經濟發展
理发店发生火灾 理髮店發生火災
总理发言后离开 總理發言後離開
拒发签证给他 拒發簽證給他
竹签与签名 竹籤與簽名
愈发困难 愈發困難
干部在干活 幹部在幹活
干净的毛巾，干涉内政 乾淨的毛巾，干涉內政
干旱影响主干道 乾旱影響主幹道
加强干预 加強干預
这么干脆 這麼乾脆
他们干着坏事 他們幹著壞事
皇后区三天后解封 皇后區三天後解封
数周后回国 數周後回國
后来，后面，王后 後來，後面，王后
这里到那里五公里 這裡到那裡五公里
学校里的英里海岸 學校裡的英里海岸
新的里程碑 新的里程碑
里根总统在当年里根本不提 里根總統在當年里根本不提
面条和面包，面对面 麵條和麵包，面對面
三方面条约 三方面條約
象征，征税，长征 象徵，徵稅，長征
被征服的土地被征用 被征服的土地被徵用
松树下放松 松樹下放鬆
标志和杂志，意志 標誌和雜誌，意志
台北的台风，舞台 台北的颱風，舞台
受电台风波影响 受電台風波影響
制造业的制度 製造業的制度
美国制裁官员 美國制裁官員
指定制裁对象 指定制裁對象
自制口罩，研制疫苗 自製口罩，研製疫苗
是体制造成的 是體制造成的
一定制度下定制衣服 一定制度下定製衣服
复杂，恢复，复印，反复 複雜，恢復，複印，反覆
回复记者，回复到从前 回覆記者，回復到從前
多余的钱，其余的人 多餘的錢，其餘的人
人云亦云，乌云 人云亦云，烏雲
斗争，北斗星，一斗米 鬥爭，北斗星，一斗米
与天斗，与地斗 與天鬥，與地鬥
稻谷，山谷，谷歌 稻穀，山谷，谷歌
关系，系统，联系 關係，系統，聯繫
公共关系科 公共關係科
手表，表示，报名表格 手錶，表示，報名表格
老板，木板，后台老板 老闆，木板，後台老闆
采访，神采，开采 採訪，神采，開採
采血样，老人采检 採血樣，老人採檢
叮当，当然 叮噹，當然
规范，范围 規範，範圍
小丑出丑，丑闻 小丑出醜，醜聞
王某丑相毕露 王某醜相畢露
生姜与姜女士 生薑與姜女士
秋千，千万 鞦韆，千萬
忧郁，郁郁不得志 憂鬱，鬱鬱不得志
建筑，筑波 建築，筑波
细致，致敬，一致 細緻，致敬，一致
朱砂，朱先生 硃砂，朱先生
注册，注意，关注 註冊，注意，關注
山岳，岳父，岳阳 山嶽，岳父，岳陽
胜利，药品，愿意 勝利，藥品，願意
呼吁，长吁短叹 呼籲，長吁短嘆
树叶，叶先生 樹葉，葉先生
钟声，钟情，一点钟 鐘聲，鍾情，一點鐘
由于谨慎，位于北京 由於謹慎，位於北京
致力于坚持真相 致力於堅持真相
茶几，几乎，年长几岁 茶几，幾乎，年長幾歲
一只猫，只有，船只得救 一隻貓，只有，船隻得救
准备，批准，不准，获准会见 準備，批准，不准，獲准會見
凶手，收获，获得 兇手，收穫，獲得
尽管，尽自己的力，尽快 儘管，盡自己的力，儘快
收购并剥离，合并 收購並剝離，合併
并合影留念，吞并 並合影留念，吞併
冲入水中，洪水冲走，冲突 衝入水中，洪水沖走，衝突
席卷，试卷，卷土重来 席捲，試卷，捲土重來
借口，借款 藉口，借款
日历，历史，几年历尽艰难 日曆，歷史，幾年歷盡艱難
资金链断裂，金项链 資金鏈斷裂，金項鍊
明目张胆地抢劫 明目張膽地搶劫
据云南省说 據雲南省說
沈阳的沈女士 瀋陽的沈女士
于先生，范先生，余先生，涂先生 于先生，范先生，余先生，涂先生
岳飞，姜维，郁达夫，松山，张丰毅 岳飛，姜維，郁達夫，松山，張豐毅
""".split("\n")[1:-1]

TO_HANS = """
說著話，他是著名作家 说着话，他是著名作家
看著顯著的成果，執著 看着显著的成果，执着
乾淨，乾隆，乾坤 干净，乾隆，乾坤
幹部，干涉，乾旱 干部，干涉，干旱
後來，皇后，後面 后来，皇后，后面
裡面，公里，這裏 里面，公里，这里
鍾先生聽到鐘聲 钟先生听到钟声
其餘，余先生，餘額 其余，余先生，余额
藉口，慰藉，狼藉 借口，慰藉，狼藉
覆蓋，回覆，復興，複雜 覆盖，回复，复兴，复杂
徵求，長征，特徵 征求，长征，特征
頭髮，發展 头发，发展
計畫，計劃 计划，计划
臺灣，台灣，颱風 台湾，台湾，台风
雜誌，意志 杂志，意志
麵包，面對 面包，面对
鬆懈，松樹 松懈，松树
製造，制度 制造，制度
於是，于女士 于是，于女士
瞭解，瞭望 了解，瞭望
夥伴，傢俱 伙伴，家具
沈著，瀋陽，沈女士 沉着，沈阳，沈女士
祕密，羣眾 秘密，群众
隻身，只有 只身，只有
纔能，才能 才能，才能
諮詢，諮商 咨询，咨商
計程車，軟體，滑鼠 计程车，软体，滑鼠
資訊，網路，影片 资讯，网路，影片
寮國，紐西蘭，川普 寮国，纽西兰，川普
著手，土著，著作 着手，土著，著作
""".split("\n")[1:-1]


@pytest.mark.parametrize("line", TO_HANT)
def test_hard_words_are_right_in_traditional(line: str) -> None:
    given, wanted = line.split()
    assert text_in("hant", given) == wanted


@pytest.mark.parametrize("line", TO_HANT)
def test_what_is_in_traditional_stays(line: str) -> None:
    wanted = line.split()[1]
    assert text_in("hant", wanted) == wanted


@pytest.mark.parametrize("line", TO_HANS)
def test_hard_words_are_right_in_simplified(line: str) -> None:
    given, wanted = line.split()
    assert text_in("hans", given) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "出租车和鼠标",
        "软件，网络，视频",
        "支持的士兵",
        "“双引号”和‘单引号’",
        "新西兰，老挝，特朗普",
    ],
)
def test_neither_words_nor_quotation_marks_change(words: str) -> None:
    there = text_in("hant", words)
    assert text_in("hans", there) == words
    assert [c for c in there if not c.isalnum()] == [c for c in words if not c.isalnum()]


def test_no_script_leaves_all_as_it_is() -> None:
    assert text_in("", "头发 頭髮") == html_in("", "头发 頭髮") == markdown_in("", "头发 頭髮")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("见http://a.example/后/里，后来", "見http://a.example/后/里，後來"),
        ("见www.a.example/后。后来", "見www.a.example/后。後來"),
        ("打开 后台.pdf 后面", "打開 后台.pdf 後面"),
        ("English后ABC 3.5", "English後ABC 3.5"),
    ],
)
def test_addresses_and_names_of_files_stay(given: str, wanted: str) -> None:
    assert text_in("hant", given) == wanted


def test_of_html_what_is_read_is_converted() -> None:
    given = (
        '<p id="后">后面<a href="后.htm">后来</a><img src="后" alt="后门" title=\'后\'/></p>'
        "<!--后--><code>后</code><pre>后\n<b>里</b></pre>后"
    )
    assert html_in("hant", given) == (
        '<p id="后">後面<a href="后.htm">後來</a><img src="后" alt="後門" title=\'後\'/></p>'
        "<!--后--><code>后</code><pre>后\n<b>里</b></pre>後"
    )


def test_of_markdown_what_is_read_is_converted() -> None:
    given = (
        "### 后面\n\n[后来](a/后.md#后) ![后门](后.jpg)\n\n`后` ``后 ` 后`` \\`后\\`\n\n"
        "```\n后\n```\n\n**头**发 <img src='后' alt='后门'/>"
    )
    assert markdown_in("hant", given) == (
        "### 後面\n\n[後來](a/后.md#后) ![後門](后.jpg)\n\n`后` ``后 ` 后`` \\`後\\`\n\n"
        "```\n后\n```\n\n**頭**發 <img src='后' alt='後門'/>"
    )


@pytest.mark.parametrize("script", ["hans", "hant"])
def test_the_table_changes_characters_alone_and_says_nothing_twice(script: str) -> None:
    words = list(table(script))
    assert all(len(word) == len(form) for word, form in words)
    assert len({word for word, _ in words}) == len(words)
