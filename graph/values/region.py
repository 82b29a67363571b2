"""Regions by their administrative-division code (GB/T 2260): the first digits of a project code.

`regions.tsv` holds the codes in force and, marked `old`, abolished ones that documents of earlier
years print. It is read once, when the first name is asked for.
"""

from functools import cache

from graph.values import tables

_LONGEST_NAME = 20
_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)
_PEOPLES = [
    "维吾尔",
    "壮族",
    "回族",
    "蒙古族",
    "藏族",
    "满族",
    "土家族",
    "苗族",
    "侗族",
    "瑶族",
    "彝族",
    "羌族",
    "傣族",
    "白族",
    "哈尼族",
    "景颇族",
    "傈僳族",
    "布依族",
    "朝鲜族",
    "哈萨克",
    "蒙古",
    "柯尔克孜",
    "柯尔克孜族",
    "黎族",
    "畲族",
    "土族",
    "撒拉族",
    "东乡族",
    "保安族",
    "裕固族",
    "哈萨克族",
    "达斡尔族",
    "鄂温克族",
    "佤族",
    "拉祜族",
    "纳西族",
    "独龙族",
    "怒族",
    "普米族",
    "布朗族",
    "仡佬族",
    "水族",
    "仫佬族",
    "毛南族",
    "各族",
]


def region_name(code: str) -> str | None:
    """The name of a six-digit code, None for one that the standard does not have.

    >>> region_name("130225")
    '乐亭县'
    """
    return _names().get(code)


def region_level(code: str) -> str | None:
    """province, city or county by the form of the code; None where it is no such code."""
    if len(code) != 6 or not code.isdigit():
        return None
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parents(code: str) -> tuple[str, ...]:
    """The codes above, the nearest first: 130225 → 130200, 130000.

    Counties that no city stands over (县级市 under a province, districts of 北京) have the province
    alone.
    """
    level = region_level(code)
    if level is None or level == "province":
        return ()
    province, city = f"{code[:2]}0000", f"{code[:4]}00"
    if level == "city" or (city not in _names() and province in _names()):
        return (province,)
    return (city, province)


def find_region(name: str) -> tuple[str, ...]:
    """The codes that a name may mean, full or short (乐亭 for 乐亭县), in order of the code.

    Several where regions share the name; codes in force alone where one of them has it.
    """
    wanted = "".join(name.split())
    if len(wanted) < 2:
        return ()
    codes = _codes_by_name().get(wanted, ())
    in_force = tuple(code for code in codes if code not in _abolished())
    return in_force or codes


def region_within(name: str, scope: str = "") -> str | None:
    """The one code that a name means among those that begin with `scope`; None for none or several.

    >>> region_within("乐亭", "13"), region_within("鼓楼区", "32")
    ('130225', None)
    """
    codes = [code for code in find_region(name) if code.startswith(scope)]
    return codes[0] if len(codes) == 1 else None


def region_before(text: str) -> str | None:
    """The region whose full name a text begins with, the longest: 河北省 in 河北省财政厅.

    None where none does, or several of that name.
    """
    for length in range(min(len(text), _LONGEST_NAME), 1, -1):
        name = text[:length]
        if name.endswith(_SUFFIXES) and find_region(name):
            return region_within(name)
    return None


def scope_of(code: str) -> str:
    """What the codes of a region and of all within it begin with: 1302 for 130200.

    >>> scope_of("130000"), scope_of("130200"), scope_of("130225")
    ('13', '1302', '130225')
    """
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def short_name(name: str) -> str:
    """The name without its suffix and its peoples: 乐亭县 → 乐亭, 阜新蒙古族自治县 → 阜新."""
    core = next((name.removesuffix(s) for s in _SUFFIXES if name.endswith(s)), name)
    while (people := next((p for p in _PEOPLES if core.endswith(p)), None)) is not None:
        core = core.removesuffix(people)
    return core if len(core) >= 2 else name


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("regions")}


@cache
def _abolished() -> frozenset[str]:
    return frozenset(row[0] for row in tables.rows("regions") if row[2:] == ("old",))


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = {}
    for code, name in _names().items():
        for spelling in {name, short_name(name)}:
            codes.setdefault(spelling, []).append(code)
    return {name: tuple(sorted(found)) for name, found in codes.items()}
