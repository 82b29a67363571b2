"""Read every document of the bench and print what is right, by field, format and layout."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.layouts import frozen
from bench.layouts.cases import cases
from bench.layouts.score import INVENTED, MISSING, Verdict, judge
from bench.measure import footer, table


def accuracy(verdicts: Sequence[Verdict], of: Callable[[Verdict], str]) -> list[list[str]]:
    """A row for each group: fields right, all fields, share, things missing and invented."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[of(verdict)].append(verdict)
    rows = []
    for name, members in groups.items():
        counted = [v for v in members if v.field not in (MISSING, INVENTED)]
        right = sum(v.right for v in counted)
        share = f"{right / len(counted):.1%}" if counted else ""
        wholes = [sum(v.field == field for v in members) for field in (MISSING, INVENTED)]
        rows.append([name, str(right), str(len(counted)), share, *map(str, wholes)])
    return rows


def _field(verdict: Verdict) -> str:
    return f"{verdict.thing.rstrip('0123456789')}.{verdict.field}"


def report(verdicts: Sequence[Verdict]) -> None:
    views: tuple[tuple[str, Callable[[Verdict], str]], ...] = (
        ("字段", _field),
        ("格式", lambda v: v.case[0]),
        ("版式", lambda v: f"{v.case[1]} · {v.case[2]}"),
        ("版式 × 格式", lambda v: f"{v.case[1]} · {v.case[0]}"),
    )
    for title, of in views:
        rows = accuracy(verdicts, of)
        if of is not views[2][1]:
            rows.sort()
        table((title, "对", "共", "比例", MISSING, INVENTED), rows)
        sys.stdout.write("\n")
    table(("合计", "对", "共", "比例", MISSING, INVENTED), accuracy(verdicts, lambda _: "全部"))


def show(title: str, keys: Sequence[Sequence[str]]) -> None:
    sys.stdout.write(f"\n{title}：{len(keys)}\n")
    for key in keys:
        sys.stdout.write("  " + " | ".join(key) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.layouts", description=__doc__)
    parser.add_argument("--freeze", action="store_true", help="keep this run as frozen.tsv")
    parser.add_argument("--wrong", action="store_true", help="list every field that is wrong")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write the documents to a folder")
    words = parser.parse_args()
    documents = list(cases())
    if words.write:
        for case in documents:
            folder = words.write / "_".join(case.name[1:3]).replace("/", "")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / case.filename).write_bytes(case.content)
        return 0
    verdicts = [verdict for case in documents for verdict in judge(case)]
    report(verdicts)
    if words.wrong:
        wrong = frozen.wrong(verdicts)
        show("读错", [(*v.key, f"应为 {v.wanted}", f"读作 {v.got}") for v in wrong])
    if words.freeze:
        frozen.write(verdicts)
    change = frozen.compare(verdicts)
    show("比冻结的结果多读对", change.gained)
    show(
        "比冻结的结果多读错",
        [(*v.key, f"应为 {v.wanted}", f"读作 {v.got}") for v in change.lost],
    )
    footer("bench.layouts", f"{len(documents)} 份文件；冻结的结果在 {frozen.FROZEN.name}")
    return 1 if change.lost else 0


if __name__ == "__main__":
    sys.exit(main())
