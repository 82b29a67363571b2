"""What is searched: one document for each wording, project, goal, policy, department and document.

Set-oriented: every function takes a page of nodes and asks the store a fixed number of questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.elements import Edge, Node
from graph.places import Place, places
from graph.store import Reader
from search.around import around_goals, around_projects, around_wordings, counties
from search.index import FIELDS, Member
from search.properties import text_of, year_of
from search.table import hash_of

ROW_LABELS = {
    "Wording": "indicator",
    "Project": "project",
    "Goal": "goal",
    "Policy": "policy",
    "Department": "department",
    "Document": "document",
}
"""Labels with a row of their own, and the search type of that row."""
MEMBER_LABELS = ("Indicator", "Project", "Goal", "Policy", "Department", "Document")

EMBEDDED_CHARACTERS = 400
"""Goals run to pages: their first sentences say what they are about, the text leg reads all."""
_PASSAGES = 3
_PROJECT_NAMES = 5
_POPULAR = 500
"""A policy with more citations than this is known by its title, not by who cites it."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What the text leg reads, field by field: the name, its own `text` besides, and what stands
    `around` it in the graph. `embedded` becomes the vector."""

    node: str
    type: str
    name: str
    text: str
    around: str
    embedded: str

    @property
    def fields(self) -> dict[str, str]:
        """The texts of `search.index.FIELDS`."""
        return {field: getattr(self, field) for field in FIELDS}

    @property
    def hash(self) -> int:
        """64 bits that differ where anything that is searched does."""
        return hash_of("\x1f".join((*self.fields.values(), self.embedded)))


def search_documents(reader: Reader, label: str, nodes: Sequence[Node]) -> list[SearchDocument]:
    """The documents of nodes of one label, in their order."""
    if label == "Policy":
        return _policies(reader, nodes)
    if label == "Department":
        return _departments(reader, nodes)
    if label == "Document":
        return [_make(node, text_of(node, "title") or text_of(node, "filename")) for node in nodes]
    make, surroundings = {
        "Wording": (_wording, around_wordings),
        "Project": (_project, around_projects),
        "Goal": (_goal, around_goals),
    }[label]
    around = surroundings(reader, nodes)
    return [make(node, around.get(node.id, "")) for node in nodes]


def policy_name(node: Node) -> str:
    """Title where known, else number."""
    return text_of(node, "title") or text_of(node, "number") or node.id.partition(":")[2]


def _make(
    node: Node, name: str, *texts: str, around: str = "", embedded: str | None = None
) -> SearchDocument:
    own = [text for text in texts if text]
    vector = "\n".join(filter(None, (name, *own))) if embedded is None else embedded
    return SearchDocument(
        node.id,
        ROW_LABELS[node.label],
        name,
        "\n".join(own),
        around,
        vector[:EMBEDDED_CHARACTERS],
    )


def _wording(node: Node, around: str) -> SearchDocument:
    name, description = text_of(node, "name"), text_of(node, "description")
    return _make(node, name, description, around=around, embedded=text_of(node, "text"))


def _project(node: Node, around: str) -> SearchDocument:
    return _make(node, text_of(node, "name"), text_of(node, "purpose"), around=around)


def _goal(node: Node, around: str) -> SearchDocument:
    title, text = text_of(node, "title"), text_of(node, "text")
    return _make(node, title, text, text_of(node, "indicator_text"), around=around)


def _departments(reader: Reader, nodes: Sequence[Node]) -> list[SearchDocument]:
    """A department is known by its name and by the projects that it runs."""
    ids = [node.id for node in nodes]
    runs = _targets(reader.edges(ids, {"RUNS"}))
    projects = reader.get({target for targets in runs.values() for target in targets})
    county = counties(reader, nodes)
    found = []
    for node in nodes:
        names = [
            text_of(projects[target], "name")
            for target in runs.get(node.id, ())
            if target in projects
        ]
        name = text_of(node, "name") or text_of(node, "code")
        distinct = list(dict.fromkeys(names))
        short = "；".join((name, *distinct[:_PROJECT_NAMES]))
        around = "\n".join(filter(None, (county.get(node.id), *distinct)))
        found.append(_make(node, name, around=around, embedded=short))
    return found


def _policies(reader: Reader, nodes: Sequence[Node]) -> list[SearchDocument]:
    """A policy without a title means what the passages that cite it say."""
    untitled = [node.id for node in nodes if not text_of(node, "title")]
    degrees = reader.degree(untitled, "CITES", "in")
    ids = [node for node in untitled if degrees[node] <= _POPULAR]
    passages: dict[str, dict[str, None]] = {}
    for edge in reader.edges(ids, {"CITES"}, "in"):
        passage = str(edge.properties.get("passage", ""))
        if passage:
            passages.setdefault(edge.target, {})[passage] = None
    found = []
    for node in nodes:
        said = list(passages.get(node.id, ()))[:_PASSAGES]
        number, issuer = text_of(node, "number"), text_of(node, "issuer")
        name = policy_name(node)
        number = "" if number == name else number
        meaning = "；".join(part for part in (name, issuer, *said) if part)
        around = "\n".join(said)
        found.append(_make(node, name, number, issuer, around=around, embedded=meaning))
    return found


def _targets(edges: Iterable[Edge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(edge.target)
    return found


def memberships(reader: Reader, label: str, nodes: Sequence[Node]) -> list[tuple[str, Member]]:
    """Through which nodes rows can be found: (node of the row, member), for one label's nodes.

    An indicator is a member of its wording; whatever cites a policy is a member of it, in the year
    of the policy where that is known; the others are members of themselves.
    """
    ids = [node.id for node in nodes]
    where = places(reader, ids)
    years = document_years(reader, where.values())
    found: list[tuple[str, Member]] = []
    members = {node.id: _member(node, where.get(node.id), years) for node in nodes}
    if label == "Indicator":
        for edge in reader.edges(ids, {"WORDED_AS"}):
            found.append((edge.target, members[edge.source]))
    else:
        found += [(node.id, members[node.id]) for node in nodes]
    cites = reader.edges(ids, {"CITES"})
    policies = reader.get({edge.target for edge in cites})
    for source, target in dict.fromkeys((edge.source, edge.target) for edge in cites):
        policy = policies.get(target)
        if policy is not None:
            found.append((target, _citing(members[source], policy)))
    return found


def _citing(member: Member, policy: Node) -> Member:
    return Member(
        member.id,
        county=member.county,
        department=member.department,
        year=year_of(policy, "year") or member.year,
        kind=text_of(policy, "kind"),
    )


_KINDS = {"Indicator": "value_kind", "Policy": "kind", "Goal": "scope", "Document": "kind"}
_YEARS = {"Project": "fiscal_year", "Policy": "year", "Document": "fiscal_year"}


def document_years(reader: Reader, where: Iterable[Place]) -> dict[str, int]:
    """Fiscal years of the documents of places that tell no year: goals of a whole department."""
    documents = {place.document for place in where if place.document and not place.year}
    return {node.id: year_of(node, "fiscal_year") for node in reader.get(documents).values()}


def _member(node: Node, place: Place | None, years: Mapping[str, int]) -> Member:
    year = year_of(node, _YEARS[node.label]) if node.label in _YEARS else 0
    year = year or (place.year if place else None) or 0
    if not year and place and place.document:
        year = years.get(place.document, 0)
    return Member(
        node.id,
        county=(place.county_id if place else None) or "",
        department=(place.department_id if place else None) or "",
        year=year,
        level2=text_of(node, "level2") if node.label == "Indicator" else "",
        kind=text_of(node, _KINDS[node.label]) if node.label in _KINDS else "",
        project=(place.project_id if place and node.label == "Indicator" else None) or "",
    )
