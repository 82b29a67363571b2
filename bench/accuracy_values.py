"""Accuracy of document numbers, target values and notices on labelled rows.

    JIPU_CASES=path/to/cases python -m bench.accuracy_values

Without a case folder only the rows of `tests/` are read.
"""

import sys

from bench.labelled import (
    OWN,
    Score,
    labelled_folder,
    score_notices,
    score_numbers,
    score_targets,
)


def scores() -> dict[str, Score]:
    """Every table that is at hand, by name."""
    found = {
        "own document numbers": score_numbers(OWN / "values" / "document_numbers.tsv"),
        "own target values": score_targets(OWN / "values" / "targets.tsv"),
        "own notices": score_notices(OWN / "ingest" / "notices.jsonl"),
    }
    folder = labelled_folder()
    if folder is not None:
        found["labelled document numbers"] = score_numbers(folder / "doc_numbers.tsv")
        found["labelled target values"] = score_targets(folder / "target_values.tsv")
        found["labelled notices"] = score_notices(folder / "funding_notices.jsonl")
    return found


def describe(name: str, score: Score) -> str:
    """The table's name, recall and precision or shares of right fields, and the rows lost."""
    lines = [name]
    if score.wanted:
        lines.append(f"  recall {score.recall:.3f}, precision {score.precision:.3f}")
    lines += [f"  {part}: {right} of {rows}" for part, (right, rows) in score.fields.items()]
    lines += [f"  - {failure}" for failure in score.failures]
    return "\n".join(lines)


def main() -> None:
    """Print every table."""
    for name, score in scores().items():
        sys.stdout.write(describe(name, score) + "\n")


if __name__ == "__main__":
    main()
