"""The data tables that stand next to the code, as tab-separated text with one heading line."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``<name>.tsv`` without its heading; lines that start with # are comments."""
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    return tuple(tuple(line.split("\t")) for line in kept[1:])


@cache
def words(name: str, role: str) -> tuple[str, ...]:
    """The first column of the rows whose second column is `role`, in the table's order."""
    return tuple(row[0] for row in rows(name) if row[1] == role)
