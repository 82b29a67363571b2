"""What the reader makes of a document, set beside what is to be found in it, field by field."""

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bench.layouts.cases import Case
from bench.layouts.truth import FIELDS, Thing, extra, plain, thing
from graph.elements import GraphBatch, Node
from graph.mapping import to_batch
from ingest.errors import IngestError
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read

_NAMES = {"Project": "name", "Department": "name", "Policy": "number", "Document": "kind"}
_OWNS = ("HAS_GOAL", "MEASURED_BY")
MISSING = "缺失"
INVENTED = "多出"
ANYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one thing of one document; `field` is MISSING or INVENTED for a whole thing."""

    case: tuple[str, str, str, str]
    thing: str
    field: str
    wanted: str
    got: str
    right: bool

    @property
    def key(self) -> tuple[str, ...]:
        return (*self.case, self.thing, self.field)


def things_read(content: bytes, filename: str) -> list[Thing]:
    """What the graph would hold of a file. Raises IngestError."""
    digest = sha256(content).hexdigest()
    source = read(content, filename, f"document:{digest[:16]}", Limits())
    return _things(to_batch(extract(source, digest, filename), "2025-01-01T00:00:00+00:00"))


def _things(batch: GraphBatch) -> list[Thing]:
    nodes = {node.id: node for node in batch.nodes}
    owners: dict[str, Node] = {}
    for edge in batch.edges:
        if edge.type in _OWNS and nodes[edge.source].label != "Document":
            owners[edge.target] = nodes[edge.source]
    units = {e.target: nodes[e.source] for e in batch.edges if e.type == "RUNS"}
    found = []
    for node in batch.nodes:
        if node.label not in FIELDS:
            continue
        fields = {name: _text(node, name) for name in FIELDS[node.label]}
        if node.label == "Project":
            fields["department"] = str(units[node.id].properties.get("name", ""))
        owner = owners.get(node.id)
        found.append(thing(node.label, _owner_name(owner) if owner else "", **fields))
    return found


def _owner_name(node: Node) -> str:
    return f"{node.label} {node.properties.get(_NAMES[node.label], '')}"


def _text(node: Node, field: str) -> str:
    value = node.properties.get(field, "")
    if field == "extra" and value:
        return extra(**json.loads(str(value)))
    return ";".join(value) if isinstance(value, list) else str(value)


def judge(case: Case) -> Iterator[Verdict]:
    """Every field that is wanted or read. A file that cannot be read holds nothing."""
    try:
        found = things_read(case.content, case.filename)
    except IngestError as error:
        yield Verdict(case.name, "Document", error.code, "", str(error), False)
        found = []
    wanted = case.things
    renamed: dict[str, str] = {}
    for label in FIELDS:
        mine = [t for t in wanted if t.label == label]
        theirs = [
            Thing(t.label, renamed.get(t.owner, t.owner), t.fields)
            for t in found
            if t.label == label
        ]
        pairs = _pairs(mine, theirs)
        for number, (want, got) in enumerate(pairs):
            if label == "Project" and want and got:
                renamed[f"Project {got.accepted('name')[0]}"] = (
                    f"Project {want.accepted('name')[0]}"
                )
            yield from _verdicts(case, want, got, number)


def _pairs(
    wanted: Sequence[Thing], found: Sequence[Thing]
) -> list[tuple[Thing | None, Thing | None]]:
    """Each wanted thing with the one read for it: the same in all that names it, else in order."""
    rest = list(found)
    partner: dict[int, Thing] = {}
    rules: tuple[Callable[[Thing], Hashable], ...] = (
        lambda t: t.key,
        lambda t: (t.key[1], t.key[2]),
        lambda t: (t.key[2], t.key[3]),
        lambda t: t.key[2],
        lambda t: t.owner,
    )
    for rule in rules:
        for number, want in enumerate(wanted):
            if number in partner:
                continue
            same = next((t for t in rest if rule(t) == rule(want)), None)
            if same is not None:
                partner[number] = same
                rest.remove(same)
    pairs: list[tuple[Thing | None, Thing | None]] = [
        (want, partner.get(number)) for number, want in enumerate(wanted)
    ]
    return [*pairs, *((None, extra_thing) for extra_thing in rest)]


def _verdicts(case: Case, want: Thing | None, got: Thing | None, number: int) -> Iterator[Verdict]:
    if want is None or got is None:
        item = want or got
        assert item is not None
        field = MISSING if want else INVENTED
        yield Verdict(case.name, _name(item, number), field, "", _summary(item), False)
        if want:
            for name in FIELDS[want.label]:
                if "" not in want.accepted(name):
                    yield Verdict(case.name, _name(want, number), name, "", "", False)
        return
    if want.label in ("Goal", "Indicator") and want.owner != ANYWHERE:
        same = want.owner == got.owner
        yield Verdict(case.name, _name(want, number), "owner", want.owner, got.owner, same)
    for name in FIELDS[want.label]:
        accepted, reading = want.accepted(name), got.accepted(name)[0]
        if accepted == ("",) and not reading:
            continue
        right = reading in accepted
        yield Verdict(case.name, _name(want, number), name, accepted[0], reading, right)


def _name(item: Thing, number: int) -> str:
    return plain(f"{item.label}{number + 1}")


def _summary(item: Thing) -> str:
    return " ".join(item.accepted(name)[0] for name in FIELDS[item.label] if item.accepted(name)[0])
