"""What an index version says of itself, so that a stale or foreign one is never searched."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.store import Reader
from search import analyze
from search.documents import ROW_LABELS
from search.errors import IndexMismatch

FORMAT = 7
"""Raise it with every change to the files of a version."""
FILE = "manifest.json"
_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """`model` is the encoder's id, "" for an index without vectors, `model_name` the name that it
    was opened under; `missing` rows have no vector yet, `built` were there when it was built anew.

    `revision`, `counts` (rows of each type) and `sample` (the first document ids) say which state
    of which store the version shows.
    """

    model: str
    dimension: int
    revision: int
    rows: int
    built: int
    dead: int
    missing: int
    segments: int
    counts: Mapping[str, int]
    sample: tuple[str, ...]
    model_name: str = ""
    format: int = FORMAT
    analyzer: str = analyze.VERSION


def read(folder: Path) -> Manifest:
    """Raises IndexMismatch for a damaged manifest, another format or another analyzer."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        manifest = Manifest(**{**data, "sample": tuple(data["sample"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexMismatch(f"检索索引 {folder} 的清单无法读取（{error}），将重建") from error
    if (manifest.format, manifest.analyzer) != (FORMAT, analyze.VERSION):
        raise IndexMismatch(f"检索索引 {folder} 由另一版本的绩谱建成，将重建")
    return manifest


def write(manifest: Manifest, folder: Path) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def store_counts(reader: Reader) -> dict[str, int]:
    """How many rows of each type an index of this store should have."""
    counts = reader.counts()
    return {type: counts.get(label, 0) for label, type in ROW_LABELS.items()}


def store_sample(reader: Reader) -> tuple[str, ...]:
    return tuple(node.id for node in reader.scan("Document", limit=_SAMPLE).nodes)


def shows(manifest: Manifest, reader: Reader) -> bool:
    """Whether the version shows the store as it is now, and not another store."""
    return (
        manifest.revision == reader.revision()
        and dict(manifest.counts) == store_counts(reader)
        and manifest.sample == store_sample(reader)
    )
