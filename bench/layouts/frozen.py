"""The committed run: every field that was read wrongly when it was frozen."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.layouts.score import MISSING, Verdict

FROZEN = Path(__file__).parent / "frozen.tsv"
_HEADING = ("format", "layout", "variant", "county", "thing", "field", "wanted", "got")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Change:
    """`lost`: wrong now, right when frozen. `gained`: the keys of what has become right."""

    lost: tuple[Verdict, ...]
    gained: tuple[tuple[str, ...], ...]


def write(verdicts: Iterable[Verdict], path: Path = FROZEN) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_HEADING)
        for verdict in wrong(verdicts):
            cells = (verdict.wanted[:_SHOWN], verdict.got[:_SHOWN])
            writer.writerow([*verdict.key, *cells])


def compare(verdicts: Sequence[Verdict], path: Path = FROZEN) -> Change:
    """Only what the documents of this run hold is compared."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))[1:]
    frozen = {tuple(row[:6]) for row in rows}
    cases = {verdict.case for verdict in verdicts}
    now = {verdict.key: verdict for verdict in wrong(verdicts)}
    return Change(
        tuple(verdict for key, verdict in now.items() if key not in frozen),
        tuple(sorted(key for key in frozen if key[:4] in cases and key not in now)),
    )


def wrong(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """One line for a thing that is missing as a whole, not one for each of its fields."""
    found = [verdict for verdict in verdicts if not verdict.right]
    missing = {(*v.case, v.thing) for v in found if v.field == MISSING}
    return [v for v in found if v.field == MISSING or (*v.case, v.thing) not in missing]
