"""Names of regions and departments in the graph, for filters, facets and for reading questions."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from graph.elements import Node
from graph.store import Reader, scan_all
from search.analyze import key
from search.names import Names

_REGION_SUFFIXES = (
    "满族自治县",
    "蒙古族自治县",
    "回族自治县",
    "自治县",
    "自治州",
    "地区",
    "新区",
    "县",
    "区",
    "市",
    "旗",
    "省",
)
COUNTY = "county"
_UNIT_SUFFIXES = "局委办院部会中心站所队处馆校园厅室"
_SHORTEST = 2
OWN_UNIT = "本级"
"""Ends the name of the budget unit that is the department itself."""


@dataclass(frozen=True, slots=True)
class Named:
    """A region or department; `level` is province, city, county, or "" for a department."""

    id: str
    code: str
    name: str
    level: str = ""
    parents: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return self.name or self.code


@dataclass(frozen=True)
class Gazetteer:
    regions: dict[str, Named]
    departments: dict[str, Named]
    _under: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: Reader) -> "Gazetteer":
        regions = {n.id: _named(n) for n in scan_all(reader, "Region")}
        departments = {n.id: _named(n) for n in scan_all(reader, "Department")}
        ids = [*regions, *departments]
        under: dict[str, list[str]] = {}
        above: dict[str, list[str]] = {}
        for edge in reader.edges(ids, {"PART_OF", "IN"}):
            under.setdefault(edge.target, []).append(edge.source)
            above.setdefault(edge.source, []).append(edge.target)
        for table in (regions, departments):
            for node, named in table.items():
                parents = tuple(above.get(node, ()))
                table[node] = Named(node, named.code, named.name, named.level, parents)
        return cls(regions, departments, under)

    def shown(self, node: str) -> str:
        """A name to print for a region or department, its code where it has none."""
        return self._shown.get(node) or node.partition(":")[2]

    def by_name(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Counts of regions or departments, by the name to print for each; those of one name
        together."""
        found: dict[str, int] = {}
        names = self._shown
        for node, count in counts.items():
            name = names.get(node) or self.shown(node)
            found[name] = found.get(name, 0) + count
        return found

    def cities(self, words: Iterable[str]) -> frozenset[str]:
        """Ids of the regions that these names, short names or codes mean, and of all under them."""
        found = set(_meant(self.regions, words))
        return frozenset(found.union(*(self.below(node) for node in found)))

    def units(self, words: Iterable[str]) -> frozenset[str]:
        """Department ids that these names or codes mean, with the units under them."""
        whole = [w for word in words for w in (word, *_whole_names().get(word, ()))]
        found = set(_meant(self.departments, whole))
        return frozenset(found.union(*(self.below(node) for node in found)))

    def below(self, node: str) -> set[str]:
        """Everything of the same kind under a region or department."""
        prefix = node.partition(":")[0]
        found: set[str] = set()
        waiting = [node]
        while waiting:
            for lower in self._under.get(waiting.pop(), ()):
                if lower not in found and lower.startswith(prefix):
                    found.add(lower)
                    waiting.append(lower)
        return found

    def under(self, node: str) -> tuple[str, ...]:
        """The counties of a city or province, in the order of their codes."""
        return tuple(sorted(n for n in self.below(node) if self.regions[n].level == COUNTY))

    def beside(self, node: str) -> tuple[str, ...]:
        """The other counties of a county's city."""
        cities = [n for n in self.regions[node].parents if n in self.regions]
        found = {county for city in cities for county in self.under(city)}
        return tuple(sorted(found - {node}))

    @cached_property
    def _shown(self) -> dict[str, str]:
        tables = (self.departments, self.regions)
        return {node: named.shown for table in tables for node, named in table.items()}

    @cached_property
    def region_names(self) -> Names:
        """Full and short names of the regions."""
        return Names(self._region_names())

    @cached_property
    def department_names(self) -> Names:
        """Of the departments: full names, names without their region, usual abbreviations."""
        return Names(self._department_names())

    def _region_names(self) -> Iterator[tuple[str, str]]:
        for named in self.regions.values():
            for name in dict.fromkeys((named.name, short_region(named.name))):
                if len(name) >= _SHORTEST:
                    yield name, named.id

    def _department_names(self) -> Iterator[tuple[str, str]]:
        for named in self.departments.values():
            full = named.name.removesuffix(OWN_UNIT)
            short = self.short_department(named)
            for name in dict.fromkeys((full, short)):
                if len(name) > _SHORTEST and name[-1] in _UNIT_SUFFIXES:
                    yield name, named.id
            for name in _abbreviations().get(short, ()):
                yield name, named.id

    @cached_property
    def short_departments(self) -> dict[str, str]:
        """Of each department its name without its city and county."""
        return {node: self.short_department(named) for node, named in self.departments.items()}

    def short_department(self, named: Named) -> str:
        """云州市青禾县教育局本级 → 教育局"""
        name = named.name.removesuffix(OWN_UNIT)
        for region in reversed(self._above(named)):
            for prefix in (region.name, short_region(region.name)):
                if prefix and name.startswith(prefix) and len(name) > len(prefix) + _SHORTEST:
                    name = name.removeprefix(prefix).lstrip("省市县区")
                    break
        return name

    def regions_of(self, node: str) -> set[str]:
        """The regions that a department is in: its own, or those of what it is part of."""
        found: set[str] = set()
        seen = {node}
        waiting = [*self.departments[node].parents]
        while waiting:
            parent = waiting.pop()
            if parent not in self.departments:
                found.add(parent)
            elif parent not in seen:
                seen.add(parent)
                waiting += self.departments[parent].parents
        return found

    def _above(self, named: Named) -> list[Named]:
        """The regions that a department is in, the smallest first."""
        found: list[Named] = []
        waiting = [*named.parents]
        while waiting:
            region = self.regions.get(waiting.pop(0))
            if region is not None and region not in found:
                found.append(region)
                waiting += region.parents
        return found


def short_region(name: str) -> str:
    """乐亭县 → 乐亭; a name that would keep fewer than two characters stays as it is."""
    for suffix in _REGION_SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            return name.removesuffix(suffix)
    return name


@cache
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    """卫生健康局 → 卫健局, 卫计局"""
    path = Path(__file__).parent / "departments.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        return {row["name"]: tuple(row["short"].split("|")) for row in rows}


@cache
def _whole_names() -> Mapping[str, tuple[str, ...]]:
    """卫健局 → 卫生健康局"""
    found: dict[str, tuple[str, ...]] = {}
    for name, shorts in _abbreviations().items():
        for short in shorts:
            found[short] = (*found.get(short, ()), name)
    return found


def _named(node: Node) -> Named:
    properties = node.properties
    return Named(
        node.id,
        str(properties.get("code", "")),
        str(properties.get("name", "")),
        str(properties.get("level", "")),
    )


def _meant(candidates: Mapping[str, Named], words: Iterable[str]) -> Iterator[str]:
    """By id, code or name; by short name or part of a name only where nothing fits exactly."""
    known = candidates.values()
    for word in words:
        if word in candidates:
            yield word
            continue
        wanted = key(word)
        exact = [n.id for n in known if word == n.code or wanted == key(n.name)]
        yield from exact or [
            named.id
            for named in known
            if wanted
            and (key(short_region(named.name)) == wanted or _part(wanted, key(named.name)))
        ]


def _part(wanted: str, name: str) -> bool:
    return len(wanted) >= _SHORTEST and name.removesuffix(OWN_UNIT).endswith(wanted)
