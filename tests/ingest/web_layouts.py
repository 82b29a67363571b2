"""Pages as the publishing systems of government sites write them, of fictional counties.

Every page holds the same notice. `KEPT` must be read, each line of it once; `NOISE` must not.
"""

TITLE = "青禾县财政局关于下达2025年公厕改造补助资金的通知"
NUMBER = "青财建〔2025〕9031号"
PARAGRAPHS = (
    "各乡镇人民政府，县直有关单位：",
    "根据《云州市财政局关于下达城乡环境整治补助资金的通知》（云财建〔2025〕9012号），经县人民政府"
    "同意，现下达你单位2025年公厕改造补助资金130.50万元，专项用于老旧公厕改造和日常管护。",
    "一、请严格按照规定的用途使用资金，不得截留、挤占和挪用，并按月报送执行进度。",
    "二、请按照随文下达的绩效目标做好绩效监控，年度终了后开展绩效自评。",
    "青禾县财政局",
    "2025年4月2日",
)
GRID = (("单位", "金额（万元）"), ("城关镇", "80.00"), ("临溪乡", "50.50"))
FILE = "附件1：公厕改造资金分配表.xlsx"
KEPT = (TITLE, NUMBER, *PARAGRAPHS, FILE, *(cell for row in GRID for cell in row))

BODY = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
TABLE = (
    "<table border=1>"
    + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in GRID)
    + "</table>"
)
LINK = f'<a href="/att/9031.xlsx">{FILE}</a>'
ARTICLE = f"<p style='text-align:center'>{NUMBER}</p>{BODY}{TABLE}<p>{LINK}</p>"

NAMES = ("首页", "政务公开", "办事服务", "互动交流", "走进青禾", "数据开放")
NAV = "<ul>" + "".join(f'<li><a href="/{i}">{name}</a></li>' for i, name in enumerate(NAMES))
NAV += "</ul>"
CRUMBS = '您当前的位置：<a href="/">首页</a> &gt; <a href="/x">政务公开</a> &gt; 财政资金'
SHARE = "分享到：<a href='#'>微信</a> <a href='#'>微博</a>"
TOOLS = "【字体：<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>】"
CLOSE = "<a href='javascript:window.print()'>【打印】</a><a href='javascript:close()'>【关闭】</a>"
NEXT = "上一篇：<a href='/1'>青禾县财政局召开工作会议</a><br>下一篇：<a href='/2'>没有了</a>"
OTHERS = (
    "白石区开展城乡环境集中整治行动的情况通报",
    "云岭县召开全县农村饮水安全工作推进会议",
    "望川县发布本年度重点民生项目建设清单",
    "青禾县城市管理局开展冬季除雪演练活动",
)
RELATED = "<h3>相关阅读</h3><ul>" + "".join(f"<li><a href='/n'>{t}</a></li>" for t in OTHERS)
RELATED += "</ul>"
FOOT = (
    "<p>主办单位：青禾县人民政府办公室　承办单位：青禾县大数据中心</p>"
    "<p>网站标识码：9901210001　云ICP备99000001号　<a href='#'>云公网安备 99012102000001号</a></p>"
    "<p>联系电话：0999-6000000　地址：青禾县人民路1号</p>"
)
NOISE = (
    *("办事服务", "走进青禾", "当前的位置", "分享到", "【打印】", "字体：", "上一篇", "相关阅读"),
    *(*OTHERS, "ICP备", "公网安备", "标识码", "大数据中心", "0999-6000000"),
)

FIELDS = (
    ("索引号", "99012100/2025-00031", "主题分类", "财政、金融、审计"),
    ("发布机构", "青禾县财政局", "成文日期", "2025-04-02"),
    ("发文字号", NUMBER, "有效性", "有效"),
)
FIELD_TABLE = "<table class='xxgk'>" + "".join(
    "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in FIELDS
)
FIELD_TABLE += "</table>"


def _page(body: str, title: str = TITLE, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}_青禾县人民政府</title>"
        f"{head}<style>p{{margin:0}}</style><script>var nav='首页';</script></head>"
        f"<body>{body}</body></html>"
    )


PAGES = {
    "trs_editor": _page(
        f"<div class=head><div class=nav>{NAV}</div></div><div class=dqwz>{CRUMBS}</div>"
        f"<div class=xl><h1>{TITLE}</h1><div class=xl-xx>{TOOLS} {SHARE}</div>"
        f"<div class=xl-nr><div class='view TRS_UEDITOR trs_paper_default'>{ARTICLE}</div></div>"
        f"<div class=dy>{CLOSE}</div></div><div class=xg>{RELATED}</div>"
        f"<div class=bottom>{FOOT}</div>"
    ),
    "webplus": _page(
        f"<div class=wp-navi>{NAV}</div><div class='path'>{CRUMBS}</div><div class=infobox>"
        f"<h2 class=arti_title>{TITLE}</h2><p class=arti_metas>{TOOLS}</p><div class=entry>"
        f"<div class=read><div class=wp_articlecontent>{ARTICLE}</div></div></div>"
        f"<div class=share>{SHARE}</div><div>{NEXT}</div></div><div>{RELATED}</div>{FOOT}",
        title="公示公告",
    ),
    "vsb_content": _page(
        f"<div class=menu>{NAV}</div><form name=_newscontent_fromname><div>{CRUMBS}</div>"
        f"<h3 align=center>{TITLE}</h3><div align=center>{TOOLS}</div>"
        f"<div id=vsb_content><div class=v_news_content>{ARTICLE}</div></div>"
        f"<div>{CLOSE}</div><p>{NEXT}</p></form><div>{RELATED}</div><div class=footer>{FOOT}</div>",
        title="青禾县财政局",
    ),
    "jcms_zoom": _page(
        f"<div id=top>{NAV}</div><table width=1000><tr><td>{CRUMBS}</td></tr></table>"
        f"<div class=main><div class=title>{TITLE}</div><div id=zoom class=bt_content>"
        f"<!--<$[信息内容]>begin-->{ARTICLE}<!--<$[信息内容]>end--><div>{CLOSE}</div></div>"
        f"<div>{SHARE}</div></div>{RELATED}<table><tr><td>{FOOT}</td></tr></table>",
        head=f"<meta name=ArticleTitle content='{TITLE}'>",
    ),
    "xxgk_fields": _page(
        f"{NAV}<div>{CRUMBS}</div><div class=gk>{FIELD_TABLE}<h1>{TITLE}</h1>"
        f"<div class=article-content>{BODY}{TABLE}<p>{LINK}</p></div><div>{TOOLS}{SHARE}</div>"
        f"</div><div>{RELATED}</div>{FOOT}"
    ),
    "field_list": _page(
        f"{NAV}<div class=wz>{CRUMBS}</div><ul class=gkxx><li>索引号：99012100/2025-00031</li>"
        f"<li>发文字号：{NUMBER}</li><li>成文日期：2025-04-02</li></ul><h1>{TITLE}</h1>"
        f"<div class=pages_content id=UCAP-CONTENT>{BODY}{TABLE}</div>"
        f"<div class=fujian>附件：{LINK}</div><div>{SHARE}{CLOSE}</div>{RELATED}{FOOT}"
    ),
    "old_tables": _page(
        f"<table width=1000 align=center><tr><td colspan=2>{NAV}</td></tr><tr><td width=200>"
        f"{RELATED}</td><td><table width=100%><tr><td height=30>{CRUMBS}</td></tr><tr><td "
        f"align=center><b>{TITLE}</b></td></tr><tr><td align=center>{TOOLS}</td></tr><tr><td>"
        f"{ARTICLE}</td></tr><tr><td align=right>{CLOSE}</td></tr></table></td></tr><tr>"
        f"<td colspan=2 align=center>{FOOT}</td></tr></table>"
    ),
    "no_names": _page(
        f"<div class=a1>{NAV}</div><div class=b2>{CRUMBS}</div><div class=c3><div class=d4>{TITLE}"
        f"</div><div class=e5>{TOOLS}</div><div class=f6>{ARTICLE}</div><div>{SHARE}</div></div>"
        f"<div class=g7>{RELATED}</div><div class=h8>{FOOT}</div>"
    ),
    "chinese_names": _page(
        f"<div class=导航>{NAV}</div><div>{CRUMBS}</div><div class=标题>{TITLE}</div>"
        f"<div class=正文区>{ARTICLE}<p>{CLOSE}</p></div><div>{NEXT}</div>{RELATED}{FOOT}",
        title="通知公告",
    ),
    "table_outside": _page(
        f"{NAV}<div>{CRUMBS}</div><h1>{TITLE}</h1><div class=article><p>{NUMBER}</p>{BODY}</div>"
        f"<div class=other>{TABLE}<p>{LINK}</p></div><div>{NEXT}</div>{RELATED}{FOOT}"
    ),
    "wechat": _page(
        f"<div id=img-content class=rich_media_wrp><h1 class=rich_media_title>{TITLE}</h1>"
        f"<div class=rich_media_content id=js_content style='visibility: hidden; opacity: 0;'>"
        f"<section>{ARTICLE}</section></div></div><div style='display:none'>{RELATED}</div>"
    ),
    "paragraph_divs": _page(
        f"<header>{NAV}</header><div>{CRUMBS}</div><div>{TITLE}</div><div>{NUMBER}</div>"
        + "".join(f"<div>{text}</div>" for text in PARAGRAPHS)
        + f"{TABLE}<div>{LINK}</div><div>{CLOSE}</div><div>{NEXT}</div><aside>{RELATED}</aside>"
        f"<div>{FOOT}</div>"
    ),
    "word_export": _page(
        f"<!--[if gte mso 9]><xml><o:p>版式</o:p></xml><![endif]--><div class=WordSection1>"
        f"<p class=MsoNormal align=center><b>{TITLE}<o:p></o:p></b></p>"
        f"<p class=MsoNormal>{NUMBER}<o:p></o:p></p>{BODY.replace('</p>', '<o:p></o:p></p>')}"
        f"{TABLE}<p class=MsoNormal>{LINK}</p></div>"
    ),
    "nested_content": _page(
        f"<div class=content><div class=nav>{NAV}</div><div class=location>{CRUMBS}</div>"
        f"<div class=left-content>{RELATED}</div><div class=right-content><h1>{TITLE}</h1>"
        f"<div class=info>{TOOLS}{SHARE}</div><div class=con>{ARTICLE}</div><div class=dy>{CLOSE}"
        f"</div></div></div><div class=foot>{FOOT}</div>"
    ),
}
