"""Who issues under a prefix: 冀财建 is 河北省财政厅's, 财建 is 财政部's."""

import re
from functools import cache

from graph.values import tables
from graph.values.region import region_before, region_level, region_name, short_name

# 唐财建, 乐亭财农                                                     not: 财建, 唐财政, 唐政发
_LOCAL_FINANCE = re.compile(r"(?P<place>[\u4e00-\u9fff]{1,3}?)财(?!政)")


def issuer_of(prefix: str) -> tuple[str, ...]:
    """Every issuer that may own a prefix; empty where nothing tells one.

    What `issuers.tsv` knows comes first and alone. Otherwise the finance bureaux of every city,
    then of every county, whose name begins with the place's characters: in order of their codes
    (GB/T 2260). One candidate is certain, several are not: 青财 may be 青海 or 青岛.

    >>> issuer_of("冀财建"), issuer_of("乐亭财建"), issuer_of("唐财建")[:2]
    (('河北省财政厅',), ('乐亭县财政局',), ('唐山市财政局', '唐县财政局'))
    """
    return _listed(prefix) or _finance_bureaux(prefix)


def certain_issuer(prefix: str) -> str | None:
    """The one issuer of a prefix, None where there are several or where it would be a guess.

    One character of a place is too little to be certain of: a bureau may abbreviate itself by
    another than its first. 肇庆财农 is certain, 肇财农 is not.
    """
    candidates = _listed(prefix)
    if not candidates and (local := _LOCAL_FINANCE.match(prefix)) and len(local["place"]) > 1:
        candidates = _finance_bureaux(prefix)
    return candidates[0] if len(candidates) == 1 else None


def province_of(prefix: str) -> str | None:
    """The province whose short name a prefix of a provincial office begins with.

    >>> province_of("冀林发"), province_of("青农")
    ('河北省', '青海省')
    """
    ending = "财政厅"
    owners = _listed(f"{prefix[:1]}财")
    provinces = {owner.removesuffix(ending) for owner in owners if owner.endswith(ending)}
    return provinces.pop() if len(provinces) == 1 else None


def finance_bureau(prefix: str, office: str) -> str | None:
    """The bureau that owns a finance prefix in the place whose `office` is named.

    None where the prefix is no finance bureau's or begins otherwise than the place.

    >>> finance_bureau("唐财预指字", "唐山市商务局"), finance_bureau("财建", "唐山市商务局")
    ('唐山市财政局', None)
    """
    code = region_before(office)
    place = region_name(code) if code else None
    match = _LOCAL_FINANCE.match(prefix)
    if code is None or place is None or match is None or match["place"][0] != place[0]:
        return None
    return f"{place}财政{'厅' if region_level(code) == 'province' else '局'}"


def _listed(prefix: str) -> tuple[str, ...]:
    """What `issuers.tsv` says: the exact prefix, else the longest beginning of it."""
    rows = [row for row in tables.rows("issuers") if row[1] == "exact" and row[0] == prefix]
    if not rows:
        starts = [r for r in tables.rows("issuers") if r[1] == "start" and prefix.startswith(r[0])]
        longest = max((len(row[0]) for row in starts), default=0)
        rows = [row for row in starts if len(row[0]) == longest]
    return tuple(dict.fromkeys(row[2] for row in rows))


def _finance_bureaux(prefix: str) -> tuple[str, ...]:
    """The bureaux of the cities and counties that the characters before 财 may abbreviate."""
    match = _LOCAL_FINANCE.match(prefix)
    if match is None:
        return ()
    place = match["place"]
    names = _places_by_first().get(place[0], ())
    return tuple(f"{name}财政局" for name in names if short_name(name).startswith(place))


@cache
def _places_by_first() -> dict[str, tuple[str, ...]]:
    """Names in force of cities, then counties, each in order of its code, by first character."""
    found: dict[str, list[str]] = {}
    for level in ("city", "county"):
        for code, name, state, *_ in tables.rows("regions"):
            if region_level(code) == level and state == "current":
                found.setdefault(name[0], []).append(name)
    return {first: tuple(dict.fromkeys(names)) for first, names in found.items()}
