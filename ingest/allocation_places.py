"""Which region or unit a printed recipient is: only where one reading is left."""

import re
from collections.abc import Iterable

from graph.model import Department, Region, Text
from graph.values.region import (
    find_region,
    region_before,
    region_level,
    region_name,
    region_within,
    scope_of,
)
from graph.values.traditional import simplify
from ingest.vocabulary import compact

# 青禾县财政局, 青禾县本级, 青禾县（本级） stand for 青禾县                  not: 青禾县教育局
_FOR_THE_REGION = re.compile(
    r"(?:人民政府|财政(?:金融)?[局厅]|财政)?(?:[（(]?本级[）)]?)?(?:[（(][^（）()]{0,20}[）)])?$"
)
# 1.青禾县   一、云州市                                                   not: 一道河子镇
_NUMBERING = re.compile(
    r"^(?:[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）、.．])\s*|^\d{1,3}(?=\D)"
)
# 市本级 of the city above, or of the issuer where that is a city           not: 青禾县本级
_OWN_LEVEL = re.compile(r"(?P<level>[省市县区州]?)(?:本级|级|直(?:单位)?)|本(?P<same>[省市县区州])")
_LEVELS = {"省": 2, "市": 4, "州": 4, "县": 6, "区": 6}
_NATION = re.compile(r"^(?:财政部|国家|中共中央|国务院|农业农村部|教育部|水利部|民政部)")
_COUNTY_DIGITS = 6


class Places:
    """Recipients of one notice. `issuer` tells the province or city that they lie in."""

    def __init__(self, issuer: str | None) -> None:
        names = issuer.split() if issuer else []
        self._own = next((code for name in names if (code := region_before(name))), None)
        self._nation = bool(names) and _NATION.match(names[0]) is not None

    def region(self, printed: str, wider: Iterable[str] = ()) -> Region | None:
        """The region of a name; `wider` are those it is printed under (市州, a section)."""
        name = _NUMBERING.sub("", simplify(compact(printed)))
        scopes = self._scopes(wider)
        if (own := _OWN_LEVEL.fullmatch(name)) is not None:
            return _own_level(own["level"] or own["same"], scopes[-1])
        name = _FOR_THE_REGION.sub("", name) or name
        full = name.endswith(("省", "市", "县", "区", "旗", "州", "盟"))
        if not (full or self._own or self._nation):
            return None  # a short name without a province around it may be anything
        code = region_within(name, scopes[-1])
        if code is None and self._nation:  # 河北 is the province, not 天津市河北区
            code = next((c for c in find_region(name) if region_level(c) == "province"), None)
        return _region(code) if code is not None else None

    def _scopes(self, wider: Iterable[str]) -> list[str]:
        """What the codes begin with, from the issuer's down to the narrowest name above."""
        scopes = [scope_of(self._own)] if self._own else [""]
        for above in wider:
            name = _NUMBERING.sub("", simplify(compact(above)))
            code = region_within(_FOR_THE_REGION.sub("", name), scopes[-1])
            if code is not None and code.endswith("00"):
                scopes.append(scope_of(code))
        return scopes

    def department(self, code: str | None, name: Text | None) -> Department | None:
        """A unit whose code is printed, in a notice of its county; elsewhere its home is open."""
        digits = "".join((code or "").split())
        at_home = self._own is not None and len(scope_of(self._own)) == _COUNTY_DIGITS
        if name is None or self._own is None or not at_home or not digits.isdigit():
            return None
        if len(digits) not in (3, _COUNTY_DIGITS):
            return None
        return Department(
            region=_region(self._own), code=digits, name=name.value, evidence=name.evidence
        )


def _own_level(level: str, scope: str) -> Region | None:
    """The region that a scope is all of, where it is of that level: 市本级 below 唐山市."""
    if not scope or (level and _LEVELS[level] != len(scope)):
        return None
    return _region(scope.ljust(_COUNTY_DIGITS, "0"))


def _region(code: str) -> Region:
    return Region(code=code, name=region_name(code))
