"""How each block of one file was read: what was made of it, or that nothing was."""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from graph import ids
from graph.elements import Edge, Node
from graph.evidence import Evidence
from graph.mapping import CITED, to_batch
from graph.model import Warning
from graph.schema import EDGES, NODES
from ingest.blocks import SourceText
from ingest.extract import extract
from ingest.files import Found, content_of
from ingest.limits import Limits
from ingest.parts import Line, lines
from ingest.reading import read


@dataclass(frozen=True, slots=True)
class Block:
    """A table row or a printed line; `facts` says in Chinese what it became, () if nothing.
    `paragraph` counts the lines outside the tables where the format has no lines of its own."""

    evidence: Evidence
    facts: tuple[str, ...]
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    kind: str
    blocks: tuple[Block, ...]
    warnings: tuple[Warning, ...]


def explain(found: Found, limits: Limits, ocr: bool = False) -> Explanation:
    """Read one file without a store. Raises IngestError where it cannot be read."""
    content = content_of(found, limits)
    sha256 = hashlib.sha256(content).hexdigest()
    source = read(content, found.label, ids.document(sha256), limits, ocr)
    document = extract(source, sha256, found.filename)
    batch = to_batch(document, "")
    places = list(_blocks(source))
    numbers = _paragraphs(places)
    facts: list[dict[str, None]] = [{} for _ in places]
    starts = [place.start for place in places]
    for fact, evidence in _facts(batch.nodes, batch.edges):
        # Every block that the span touches: a passage goes on over many lines.
        first = max(0, bisect_right(starts, evidence.start) - 1)
        for index in range(first, bisect_left(starts, evidence.end)):
            if places[index].end > evidence.start:
                facts[index][fact] = None
    blocks = tuple(
        Block(place, tuple(said), number)
        for place, said, number in zip(places, facts, numbers, strict=True)
    )
    return Explanation(document.kind.value, blocks, document.warnings)


def _blocks(source: SourceText) -> Iterator[Evidence]:
    """Table rows and the lines between them, in the order of the source."""
    rows = [
        source.evidence(row[0].start, row[-1].end, table=table.number, row=number)
        for table in source.tables
        for number, row in enumerate(table.rows, start=1)
    ]
    rows = [row for row in rows if row.raw]
    ends = [row.end for row in rows]
    between = [
        source.evidence(line.start, line.end)
        for line in lines(source)
        if not _in_row(rows, ends, line)
    ]
    yield from sorted((*rows, *between), key=lambda evidence: evidence.start)


def _paragraphs(places: list[Evidence]) -> list[int | None]:
    number = 0
    numbers: list[int | None] = []
    for place in places:
        counted = place.line is None and place.table is None
        number += counted
        numbers.append(number if counted else None)
    return numbers


def _in_row(rows: list[Evidence], ends: list[int], line: Line) -> bool:
    index = bisect_left(ends, line.start + 1)
    return index < len(rows) and rows[index].start < line.end


def _facts(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Iterator[tuple[str, Evidence]]:
    for node in nodes:
        kind = NODES[node.label]
        if node.label == "Wording" or node.properties.get("status") == CITED:
            continue  # the indicator, or the citation, says it already
        if node.label == "Article":
            yield from ((f"{kind.title} {node.properties['label']}", e) for e in node.evidence)
            continue
        titles = {prop.name: prop.title for prop in kind.properties}
        headings = _headings(node)
        for evidence in node.evidence:
            fact = kind.title
            if evidence.field in titles:
                fact += f"·{titles[evidence.field]}"
            if evidence.field == "extra":
                fact += f"·{next(headings, '')}"
            yield fact, evidence
    for edge in edges:
        if edge.type == "CITES":
            for evidence in edge.evidence:
                yield f"{EDGES[edge.type].title} {edge.target.partition(':')[2]}", evidence


def _headings(node: Node) -> Iterator[str]:
    """The headings of what is kept in `extra`, in the order of its evidence."""
    said = json.loads(str(node.properties.get("extra", "{}")))
    return (heading for heading, value in said.items() if value)
