"""Whose form it is: the department that a form prints, with its code and its county."""

import re

from graph import ids
from graph.mapping import UNKNOWN_UNIT
from graph.model import Department, Region, Text
from graph.values import region
from graph.values.region import find_region, region_name
from ingest.blocks import SourceText
from ingest.projects import COUNTY_NAME, PROJECT_CODE

# [301001]青禾县教育局   ·   301-青禾县教育局   ·   not: 青禾县教育局
_CODE_BEFORE = re.compile(r"^[\[（(【]?(?P<code>\d{3,6})[\]）)】]?\s*[-—:：]?\s*(?P<name>\D.+)$")
# 青禾县教育局[301]   ·   青禾县教育局301001
_CODE_BEHIND = re.compile(r"^(?P<name>\D+?)\s*[-—]?\s*[\[（(【]?(?P<code>\d{3,6})[\]）)】]?$")
_CODE = re.compile(r"\d{3,6}")
# 001 公厕改造, [99012125P003140001207]公厕改造            not: 2025年公厕改造, 110指挥中心
_PROJECT_BEFORE = re.compile(
    r"(?P<code>[\[（(【](?=[^\]）)】]*\d{3})[\dA-Za-z-]{3,30}[\]）)】]|0\d{1,5}"
    r"|(?=[A-Z]*\d{6})[\dA-Z]{8,30})"
    r"[\s\u3000_.、—-]*(?=[\u4e00-\u9fff“])"
)
# 公厕改造(99012125P003140001207), 公厕改造[001]                       not: 公厕改造（2025）
_PROJECT_BEHIND = re.compile(
    r"[\s\u3000_—-]*(?P<code>[\[（(【](?!20\d\d[\]）)】])(?=[^\]）)】]*\d{3})[\dA-Za-z-]{3,30}[\]）)】]"
    r"|(?<=[\s\u4e00-\u9fff])\d{8}[\dA-Z]{6,20})$"
)
_UNIT_END = "局|委|办|厅|部|院|校|处|所|站|队|会|室|馆|社|园|中心|政府|中学|小学|大学|集团|公司"
_UNIT_NAME = re.compile(
    rf"[\u4e00-\u9fff（）()]{{1,24}}(?:{_UNIT_END})(?:本级|机关|[（(]本级[）)])?"
)
_BEFORE_OWNER = r"^[\s\u3000#]*(?:附[件表]\s*\d*[：:.]?\s*)?(?:20\d\d\s*年度?)?"
# 青禾县教育局2024年部门预算…, 2024年青禾县教育局项目支出…               not: 青禾县财政局关于下达…
_OWNER = re.compile(
    _BEFORE_OWNER + r"(?P<owner>[\u4e00-\u9fff]{1,12}?[县区市旗][\u4e00-\u9fff]{1,16}?"
    rf"(?:{_UNIT_END}))"
    r"(?=\s*(?:\d{4}\s*[年—-]|项目|部门|单位|绩效|整体|预算|[（(]|$))"
)
# 青禾县2024年部门预算…, 2025年青禾县县级部门…                          not: 灌区项目绩效目标表
_COUNTY_ONLY = re.compile(
    _BEFORE_OWNER + r"(?P<owner>(?:[\u4e00-\u9fff]{2,7}?市)?[\u4e00-\u9fff]{2,6}?[县区市旗])"
    r"(?=20\d\d\s*年|[县区市]级|本级|部门)"
)
_LONGEST_CODE = 40


def department_of(printed: Text, project_code: Text | None, unit_code: str = "") -> Department:
    """The unit with the code that stands before or behind its name, or in a cell of its own."""
    match = _CODE_BEFORE.match(printed.value) or _CODE_BEHIND.match(printed.value)
    name = match["name"].strip("-—[]（()） ") if match else printed.value
    code = match["code"] if match else unit_code if _CODE.fullmatch(unit_code) else ""
    return Department(
        region=_region(name, project_code),
        code=code or f"n{ids.digest(name)[:8]}",
        name=name,
        evidence=printed.evidence,
    )


def parted_name(source: SourceText, printed: Text) -> tuple[Text, Text | None]:
    """A project's name without the code that stands before or behind it in the cell, and the
    code."""
    base, raw = printed.evidence, printed.evidence.raw
    if found := _PROJECT_BEFORE.match(raw):
        start, end = found.end(), len(raw)
    elif found := _PROJECT_BEHIND.search(raw, max(0, len(raw) - _LONGEST_CODE)):
        start, end = 0, found.start()
    else:
        return printed, None
    if start >= end:
        return printed, None
    place = {"table": base.table, "row": base.row, "column": base.column}
    first, last = found.span("code")
    bracket = not raw[first].isalnum()
    code = source.cell(base.start + first + bracket, base.start + last - bracket, "code", **place)
    return source.cell(base.start + start, base.start + end, "name", **place), code


def is_unit_name(text: str) -> bool:
    """青禾县教育局, 县文化馆; not: 产出指标, 校舍维修."""
    return _UNIT_NAME.fullmatch(text) is not None


def owner_in(title: str) -> tuple[int, int] | None:
    """Where a form's title names the unit that it is of, else the county; None for neither."""
    found = _OWNER.match(title) or _COUNTY_ONLY.match(title)
    return None if found is None else found.span("owner")


def titled_department(owner: Text, project: Text, project_code: Text | None) -> Department:
    """The unit that only the title names; where that is but a county, an unknown one there."""
    county = COUNTY_NAME.match(owner.value)
    if county is not None and county.end() == len(owner.value):
        return unknown_department(project, project_code, owner.value)
    return department_of(owner, project_code)


def unknown_department(project: Text, project_code: Text | None, county: str = "") -> Department:
    """For a form that names no unit; the project's name is where that can be seen."""
    return Department(
        region=_region(county, project_code),
        code=UNKNOWN_UNIT,
        name="未注明单位",
        evidence=project.evidence,
    )


def _region(name: str, code: Text | None) -> Region:
    """From the project code; else from the county in the unit's name, by its code where the
    standard knows exactly one of that name, by its name where not."""
    printed = COUNTY_NAME.match(name)
    if code is not None and (known := PROJECT_CODE.match(code.value)):
        county = printed["county"] if printed else None
        return Region(code=known["region"], name=region_name(known["region"]) or county)
    if printed is None:
        return Region(code=region.UNKNOWN, name="未注明县区")
    codes = find_region(printed["county"])
    if len(codes) == 1:
        return Region(code=codes[0], name=region_name(codes[0]), city=printed["city"])
    return Region(code=printed["county"], name=printed["county"])
