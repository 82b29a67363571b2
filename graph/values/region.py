"""Regions by their administrative-division code (GB/T 2260): the first digits of a project code.

`regions.tsv` holds every code and name since 1980: those in force (`current`), the zones that the
statistical office numbers (`zone`), codes that are gone (`abolished`, with the last edition and the
code that took over the name) and earlier names of a code (`renamed`). Documents of earlier years
print them. The table is read once, when the first name is asked for.
"""

from functools import cache

from graph.values import tables

UNKNOWN = "000000"
"""Stands for the region of a form that names none; no code of the standard."""

# Later than the last edition in which a name that is gone stands (YYYY-MM).
_IN_FORCE = "9999"
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
    """The last name of a six-digit code, in force or gone; None for one that never was.

    >>> region_name("130225"), region_name("130223")
    ('乐亭县', '滦县')
    """
    return _names().get(code)


def successor(code: str) -> str | None:
    """The code in force that took over the name of an abolished one, None where none is known.

    >>> successor("130223")
    '130284'
    """
    return _successors().get(code)


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

    Several where regions share the name. Codes that bear it now come alone, then codes that bore
    it until lately: 滦县 is 130223, not the 滦县 of a prefecture that ended in 1983.
    """
    wanted = "".join(name.split())
    if len(wanted) < 2:
        return ()
    codes = _codes_by_name().get(wanted, {})
    latest = max(codes.values(), default="")
    return tuple(sorted(code for code, until in codes.items() if until == latest))


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
    return {row[0]: row[1] for row in tables.rows("regions") if row[2] != "renamed"}


@cache
def _successors() -> dict[str, str]:
    return {row[0]: row[4] for row in tables.rows("regions") if row[4]}


@cache
def _codes_by_name() -> dict[str, dict[str, str]]:
    """Name, full and short → codes that bear or bore it, each with the last edition in which."""
    found: dict[str, dict[str, str]] = {}
    for code, name, _, until, _ in tables.rows("regions"):
        for spelling in {name, short_name(name)}:
            codes = found.setdefault(spelling, {})
            codes[code] = max(codes.get(code, ""), until or _IN_FORCE)
    return found
