"""Labelled cases of document numbers, target values and notices, and how well they are read.

The case folder is named by JIPU_CASES, or is `cases` beside the folder that JIPU_SEEDS names. Rows
in `tests/values` and `tests/ingest` have the same columns.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from graph.model import Citation, Policy
from graph.values.document_number import find_document_numbers, parse_document_number
from graph.values.policy_title import title_key
from graph.values.target import parse_target
from ingest.blocks import SourceText
from ingest.notices import read_policy

OWN = Path(__file__).parent.parent / "tests"
Reading = tuple[str, str, str, str]


@dataclass(slots=True)
class Score:
    """Counts over one table; `failures` are lines that show what was wanted and what was read."""

    right: int = 0
    wanted: int = 0
    found: int = 0
    fields: dict[str, tuple[int, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.wanted

    @property
    def precision(self) -> float:
        return self.right / self.found

    def share(self, name: str) -> float:
        """The share of rows whose field `name` is right."""
        right, rows = self.fields[name]
        return right / rows

    def count(self, name: str, is_right: bool) -> None:
        right, rows = self.fields.get(name, (0, 0))
        self.fields[name] = (right + is_right, rows + 1)


class _Cite(BaseModel):
    title: str | None
    doc_number: str | None


class _Notice(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    text: str
    doc_number: str | None
    issuer: str | None
    title: str | None
    date: str | None
    cites: list[_Cite]
    amounts: list[str]
    kind: str = "funding"
    addressee: str | None = ""


def labelled_folder() -> Path | None:
    """The folder with the labelled cases; None where the environment names none."""
    cases, seeds = os.environ.get("JIPU_CASES"), os.environ.get("JIPU_SEEDS")
    folder = Path(cases) if cases else Path(seeds).parent / "cases" if seeds else None
    return folder if folder is not None and folder.is_dir() else None


def rows(path: Path) -> Iterator[list[str]]:
    r"""Rows of a table with one heading line; ``\n`` in the first column is a line break."""
    for line in path.read_text(encoding="utf-8").split("\n")[1:]:
        if line:
            first, *rest = line.split("\t")
            yield [first.replace("\\n", "\n"), *rest]


def score_numbers(path: Path) -> Score:
    """Columns raw, canonical (`;` between items or NONE), …, note. Doubtful rows do not count."""
    score = Score()
    for raw, canonical, *_, note in rows(path):
        wanted = set() if canonical == "NONE" else set(canonical.split(";"))
        found = {item.number.canonical for item in find_document_numbers(raw)}
        if wanted != found:
            score.failures.append(f"{raw!r}: {wanted} wanted, {found} found ({note})")
            if "low confidence" in note or "NONE acceptable" in note:
                continue
        score.right += len(wanted & found)
        score.wanted += len(wanted)
        score.found += len(found)
    return score


def score_targets(path: Path) -> Score:
    """Columns raw, operator, numbers, unit, kind, …, note. An AMBIG note names more readings."""
    score = Score()
    for raw, operator, numbers, unit, kind, *_, note in rows(path):
        accepted = [
            (operator, numbers, unit, kind),
            *_alternatives(note, operator, numbers, unit, kind),
        ]
        target = parse_target(raw)
        got = (target.operator, ";".join(target.numbers), target.unit, target.kind)
        score.count(
            "operator, numbers, kind", any(_without_unit(got) == _without_unit(a) for a in accepted)
        )
        score.count("all four", got in accepted)
        if got not in accepted:
            score.failures.append(f"{raw!r}: {accepted[0]} wanted, {got} read ({note})")
    return score


def _without_unit(reading: Reading) -> tuple[str, str, str]:
    return reading[0], reading[1], reading[3]


def _alternatives(
    note: str, operator: str, numbers: str, unit: str, kind: str
) -> Iterator[Reading]:
    """`alt=op|numbers|unit|kind`, `op alt=…`, `unit alt=…`, `alt kind=… unit=…`, `alt number=…`."""
    if "AMBIG" not in note:
        return
    for whole in re.findall(r"alt=\s*(\S*\|\S*)", note):
        parts = [*whole.split("|"), "", "", "", ""]
        yield parts[0], parts[1], parts[2], parts[3]
    if match := re.search(r"op alt=([^\s|;]+)", note):
        yield match[1], numbers, unit, kind
    if match := re.search(r"unit alt=([^\s,;]+)", note):
        yield operator, numbers, match[1], "percent" if match[1] == "%" else kind
    if match := re.search(r"alt kind=(\w+)(?: unit=(\S+))?", note):
        yield operator, numbers, match[2] or unit, match[1]
    if match := re.search(r"alt number=([^\s;]+)", note):
        yield operator, match[1], unit, kind


def score_notices(path: Path) -> Score:
    """One JSON object a line; recall and precision count the cites, each by number or title."""
    score = Score()
    for line in path.read_text(encoding="utf-8").splitlines():
        notice = _Notice.model_validate_json(line)
        policy = read_policy(SourceText("document:0000000000000000", notice.text))
        if notice.kind == "none" or policy is None:
            score.count("read at all", (notice.kind == "none") == (policy is None))
            if policy is None and notice.kind != "none":
                score.wanted += len(notice.cites)
                score.failures.append(f"{notice.id}: not read as a notice")
            continue
        _score_notice(score, notice, policy)
    return score


def _score_notice(score: Score, notice: _Notice, policy: Policy) -> None:
    number = policy.number.canonical if policy.number else None
    read: dict[str, tuple[object, object]] = {
        "number": (_canonical(notice.doc_number), number),
        "title": (_unblank(notice.title), _unblank(policy.title.value if policy.title else None)),
        "date": (notice.date, policy.date),
        "issuer": (notice.issuer, policy.issuer),
        "amounts": (notice.amounts, [amount.value for amount in policy.amounts]),
    }
    if notice.addressee != "":
        read["addressee"] = (notice.addressee, policy.addressee)
        read["kind"] = (notice.kind, policy.kind)
    for name, (wanted, got) in read.items():
        score.count(name, wanted == got)
        if wanted != got:
            score.failures.append(f"{notice.id} {name}: {wanted} wanted, {got} read")
    cites = list(_wanted_cites(notice.cites))
    found = [_cite_key(citation) for citation in policy.citations]
    score.count(
        "order of cites", [c for c in cites if c in found] == [c for c in found if c in cites]
    )
    score.right += len(set(cites) & set(found))
    score.wanted += len(set(cites))
    score.found += len(set(found))
    if set(cites) != set(found):
        lost, extra = set(cites) - set(found), set(found) - set(cites)
        score.failures.append(f"{notice.id} cites: {lost} lost, {extra} too many")


def _wanted_cites(cites: list[_Cite]) -> Iterator[str]:
    """One key for each cite; an item of a list (9102号) inherits prefix and year."""
    before = ""
    for cite in cites:
        number = _canonical(cite.doc_number)
        if number is None and cite.doc_number and re.fullmatch(r"\d+号", cite.doc_number):
            number = re.sub(r"\d+号$", cite.doc_number, before)
        before = number or before
        yield number or title_key(cite.title or cite.doc_number or "")


def _cite_key(citation: Citation) -> str:
    return citation.number.canonical if citation.number else title_key(citation.title or "")


def _canonical(raw: str | None) -> str | None:
    number = parse_document_number(raw) if raw else None
    return number.canonical if number else None


def _unblank(text: str | None) -> str | None:
    return "".join(text.split()) if text else None
