"""The whole graph, or the part that belongs to some counties, years or departments, line by line.

Nodes by label, then id; edges by (source, type, target, field): the same lines from every store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from api.wire import dumps, edge_line, node_line
from graph.elements import Edge, Node
from graph.schema import NODES, label_of
from graph.store import Reader, scan_all

# Edges are followed from a part's projects and departments to all that belongs to them.
_BELONGS_OUT = (
    "HAS_GOAL",
    "MEASURED_BY",
    "WORDED_AS",
    "CITES",
    "DECLARED_IN",
    "SAME_AS",
    "HAS_ARTICLE",
)
_PLACES_OUT = ("PART_OF", "IN")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """Fields are alternatives within themselves and all hold together; empty means no limit.

    Counties, cities and departments are names or codes. `labels` is applied last: an edge stays
    where both of its ends do.
    """

    counties: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """No filter but labels."""
        return not (self.counties or self.cities or self.years or self.departments)


def export_lines(reader: Reader, part: Part) -> Iterator[str]:
    """Lines of JSON without line ends. Memory stays flat without filters; with filters the ids of
    the part are held."""
    labels = sorted(part.labels or NODES)
    chosen = None if part.everything else select(reader, part)
    for label in labels:
        for page in _pages(reader, label, chosen):
            yield from (dumps(node_line(node)) for node in page)
    for label in labels:
        for page in _pages(reader, label, chosen):
            for edge in _edges_within(reader, page, chosen, labels):
                yield dumps(edge_line(edge))


def _pages(reader: Reader, label: str, chosen: set[str] | None) -> Iterator[list[Node]]:
    if chosen is None:
        nodes = scan_all(reader, label)
        while page := list(islice(nodes, _BATCH)):
            yield page
        return
    ids = iter(sorted(id for id in chosen if label_of(id) == label))
    while batch := list(islice(ids, _BATCH)):
        found = reader.get(batch)
        yield [found[id] for id in batch if id in found]


def _edges_within(
    reader: Reader, page: list[Node], chosen: set[str] | None, labels: list[str]
) -> Iterator[Edge]:
    prefixes = tuple(f"{NODES[label].prefix}:" for label in labels)
    # Ids of one page are consecutive within their label, and labels sort as their prefixes do:
    # the order of each answer carries over to the whole.
    for edge in reader.edges([node.id for node in page]):
        if edge.target.startswith(prefixes) and (chosen is None or edge.target in chosen):
            yield edge


def select(reader: Reader, part: Part) -> set[str]:
    """Ids of the part: its projects and departments, all that hangs on them, and where they are."""
    departments = _departments(reader, part)
    projects = _projects(reader, part, departments)
    documents = _documents(reader, part, departments)
    if part.years:
        # A department stays when something of the wanted years is its own.
        owners = reader.edges(projects, {"RUNS"}, "in")
        departments = {edge.source for edge in owners} | {
            edge.target for edge in reader.edges(documents, {"PUBLISHED_BY"})
        }
    chosen = _closure(reader, projects | documents, _BELONGS_OUT)
    chosen |= _closure(reader, _own(reader, part, departments), _BELONGS_OUT)
    for document, policy in _pairs(reader, documents, "IS"):
        chosen |= {document, *_closure(reader, {policy}, _BELONGS_OUT)}
    chosen |= _allocated(reader, part, departments, chosen)
    return chosen | _closure(reader, departments, _PLACES_OUT)


def _allocated(reader: Reader, part: Part, departments: set[str], chosen: set[str]) -> set[str]:
    """The sums that notices give to these departments and their counties, with the notices; where
    years are asked for, only of notices that the part cites."""
    homes = {edge.target for edge in reader.edges(departments, {"IN"})}
    sums = {edge.source for edge in reader.edges(homes | departments, {"TO"}, "in")}
    found: set[str] = set()
    for edge in reader.edges(sums, {"ALLOCATES"}, "in"):
        if edge.source in chosen or not part.years:
            found |= {edge.source, edge.target}
    return found


def _departments(reader: Reader, part: Part) -> set[str]:
    """The departments that meet place and name; all of them where neither is asked."""
    everywhere = not (part.counties or part.cities)
    inside = None if everywhere else _departments_in(reader, _regions(reader, part))
    return {
        node.id
        for node in scan_all(reader, "Department")
        if (inside is None or node.id in inside) and _is_named(node, part.departments)
    }


def _is_named(node: Node, names: tuple[str, ...]) -> bool:
    if not names:
        return True
    name, code = str(node.properties.get("name", "")), str(node.properties["code"])
    return any(wanted == code or wanted in name for wanted in names)


def _regions(reader: Reader, part: Part) -> set[str]:
    counties = _regions_named(reader, part.counties)
    if not part.cities:
        return counties
    cities = _regions_named(reader, part.cities)
    within = cities | {edge.source for edge in reader.edges(cities, {"PART_OF"}, "in")}
    return within & counties if part.counties else within


def _regions_named(reader: Reader, names: tuple[str, ...]) -> set[str]:
    """Regions whose code is given, or whose name begins with what is given (青禾 for 青禾县)."""
    return {
        node.id
        for node in scan_all(reader, "Region")
        if str(node.properties["code"]) in names
        or any(str(node.properties.get("name", "")).startswith(name) for name in names)
    }


def _departments_in(reader: Reader, regions: set[str]) -> set[str]:
    inside = {edge.source for edge in reader.edges(regions, {"IN"}, "in")}
    return inside | {edge.source for edge in reader.edges(inside, {"PART_OF"}, "in")}


def _projects(reader: Reader, part: Part, departments: set[str]) -> set[str]:
    run = {edge.target for edge in reader.edges(departments, {"RUNS"})}
    if not part.years:
        return run
    years = set(part.years)
    return {id for id, node in reader.get(run).items() if node.properties["fiscal_year"] in years}


def _documents(reader: Reader, part: Part, departments: set[str]) -> set[str]:
    published = {edge.source for edge in reader.edges(departments, {"PUBLISHED_BY"}, "in")}
    if not part.years:
        return published
    years = set(part.years)
    nodes = reader.get(published)
    return {id for id, node in nodes.items() if node.properties.get("fiscal_year") in years}


def _own(reader: Reader, part: Part, departments: set[str]) -> set[str]:
    """What hangs on the departments themselves: their goals and indicators, of the wanted years."""
    own = {edge.target for edge in reader.edges(departments, {"HAS_GOAL", "MEASURED_BY"})}
    if not part.years:
        return own | departments
    marks = tuple(f"@{year}#" for year in part.years)
    return {id for id in own if any(mark in id for mark in marks)}


def _pairs(reader: Reader, ids: set[str], type: str) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in reader.edges(ids, {type})]


def _closure(reader: Reader, ids: set[str], types: tuple[str, ...]) -> set[str]:
    """The ids and all that can be reached from them along edges of these types."""
    reached = set(ids)
    border = set(ids)
    while border:
        border = {edge.target for edge in reader.edges(border, types)} - reached
        reached |= border
    return reached
