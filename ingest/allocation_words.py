"""The words of allocation tables as data: what a heading means, however a bureau prints it.

Headings are compared without blanks and without the unit or note in brackets behind them:
县（市、区） is 县, 金额（万元） is 金额. Function and economic subjects after 《政府收支分类科目》.
"""

import re
from enum import StrEnum

from graph.values.traditional import simplify
from ingest.form_words import plain_heading
from ingest.vocabulary import compact


class AllocationColumn(StrEnum):
    RECIPIENT = "recipient"
    UNIT_CODE = "unit_code"
    PROJECT = "project"
    FUNCTION = "function"
    ECONOMIC = "economic"
    AMOUNT = "amount"
    TOTAL = "total"
    NUMBERING = "numbering"


_WORDS: dict[AllocationColumn, tuple[str, ...]] = {
    AllocationColumn.NUMBERING: ("序号", "编号", "行次", "栏次"),
    AllocationColumn.RECIPIENT: (
        *("地区", "地区名称", "市县", "市县名称", "县区", "区县", "县市区", "市州", "州市", "盟市"),
        *("旗县", "地市", "设区市", "省份", "省市", "县", "市", "区", "省", "州", "县市", "区域"),
        *("市县别", "市别", "县别", "行政区", "行政区划", "地方", "单位", "单位名称", "部门"),
        *("预算单位", "预算单位名称", "部门名称", "主管部门", "项目单位", "实施单位", "承担单位"),
        *(
            "项目实施单位",
            "项目承担单位",
            "用款单位",
            "收款单位",
            "下达单位",
            "使用单位",
            "申报单位",
        ),
        *(
            "预算部门",
            "建设单位",
            "乡镇",
            "乡镇名称",
            "乡镇街道",
            "镇街",
            "街道",
            "街镇",
            "镇",
            "乡",
        ),
        *(
            "学校",
            "学校名称",
            "机构",
            "机构名称",
            "医院",
            "企业",
            "企业名称",
            "行政村",
            "村",
            "村名",
        ),
        *(
            "受益单位",
            "主管单位",
            "县级",
            "市级单位",
            "资金使用单位",
            "项目主管部门",
            "幼儿园",
            "高校",
        ),
    ),
    AllocationColumn.UNIT_CODE: ("单位代码", "预算单位代码", "单位编码", "预算单位编码"),
    AllocationColumn.PROJECT: (
        *(
            "项目",
            "项目名称",
            "项目内容",
            "建设项目",
            "工程名称",
            "支出项目",
            "资金名称",
            "专项名称",
        ),
        *("任务名称", "建设内容", "项目及内容", "资金用途", "用途", "使用方向", "预算项目"),
    ),
    AllocationColumn.TOTAL: (
        *("合计", "总计", "小计", "总额", "共计", "资金合计", "金额合计", "合计金额", "资金总额"),
        *("总金额", "资金总计", "资金小计", "补助合计"),
    ),
}
_MEANING = {word: column for column, words in _WORDS.items() for word in words}

# 合计   小计   全省合计   各县小计                                        not: 合计划
TOTAL_ROW = re.compile(
    r"(?:全?[省市县区州]|各[省市县区州]{1,2}|本页|资金|金额)?(?:合计|总计|共计|总额)"
)
SUBTOTAL_ROW = re.compile(r".{0,12}小计")
# 注：…   备注：…   制表人                                               not: 注重
NOTE_ROW = re.compile(r"(?:注|备注|说明|附注|制表|填表|审核|单位负责人)(?:\d|人|[:：])")
# 金额（万元）   单位：元   金额单位：万元                                  not: 元/亩
MONEY_UNIT = re.compile(
    r"[（(]\s*(?:(?:金额)?单位\s*[：:])?\s*(?P<bracketed>亿元|万元|千元|元)\s*[）)]"
    r"|单位\s*[：:]\s*(?:人民币)?\s*(?P<stated>亿元|万元|千元|元)|[、，,/]\s*(?P<listed>亿元|万元)\s*$"
)
_AMOUNT = re.compile(
    r"金额|资金|下达|补助|拨付|拨款|安排|预算|经费|奖补|奖励|补贴|指标|收回|清算|追加|扣减|调减|调增|结算"
    r"|投资|分配|预拨|数额|中央|省级|市级|县级|省财政|转移支付|计划数|\d{4}年"
)
# 补助标准   人口（人）   面积                                           not: 补助资金
_NO_AMOUNT = re.compile(
    r"标准|比例|占比|人数|人口|户数|面积|个数|数量|次数|名额|权重|系数|因素|得分|分值|绩效|目标|时间|日期|年限"
    r"|备注|文号|依据|来源|代码|编码|科目|类型|类别|性质|联系|电话|地点|地址|单价|规模|任务|元/|说明|批次"
)
# （人）   （亩）                                                      not: （万元）
_OTHER_UNIT = re.compile(r"[（(](?!.*元)[^（）()]{0,4}[人户亩个名座处里米吨次所头%％套公顷][）)]$")
_FUNCTION = re.compile(r"功能|^(?:支出|预算|列支|政府收支分类)?(?:分类)?科目")
_ECONOMIC = re.compile(r"经济(?:分类)?")
_PART = re.compile(r"其中|^#|^含")
_UNIT_ROW = re.compile(r"项目(?:代码|编码)")


def column_meaning(path: str) -> AllocationColumn | None:
    """What a column holds, by its headings from the top down joined by "/"; None: not known.

    >>> column_meaning("功能分类科目/编码"), column_meaning("2024年提前下达（万元）")
    (<AllocationColumn.FUNCTION: 'function'>, <AllocationColumn.AMOUNT: 'amount'>)
    """
    words = simplify(compact(path))
    if _ECONOMIC.search(words):
        return AllocationColumn.ECONOMIC
    if _FUNCTION.search(words) and "收入" not in words:
        return AllocationColumn.FUNCTION
    last = plain_heading(words.rpartition("/")[2])
    if known := _MEANING.get(re.sub(r"[（）()、/]", "", last)) or _MEANING.get(last):
        return known
    if _UNIT_ROW.search(words) or _OTHER_UNIT.search(words):
        return None
    if MONEY_UNIT.search(words) and "标准" not in words and "元/" not in words:
        return AllocationColumn.AMOUNT
    if _NO_AMOUNT.search(last) or (_NO_AMOUNT.search(words) and not _AMOUNT.search(last)):
        return None
    return AllocationColumn.AMOUNT if _AMOUNT.search(words) else None


def is_part(path: str) -> bool:
    """其中：中央资金: a part of the column before it."""
    return _PART.search(compact(path)) is not None


def is_departments_own(path: str) -> bool:
    """部门预算支出经济分类, which stands beside 政府预算支出经济分类."""
    return compact(path).startswith("部门")


def money_unit(text: str) -> str | None:
    """The unit of money that a heading or caption gives last, as printed."""
    found = None
    for match in MONEY_UNIT.finditer(simplify(text)):
        found = match["bracketed"] or match["stated"] or match["listed"]
    return found


def purpose(path: str) -> str:
    """A heading as what the money is for: without its unit."""
    return "/".join(
        re.sub(MONEY_UNIT, "", part).strip("（）()：: ") for part in path.split("/") if part
    ).strip("/")
