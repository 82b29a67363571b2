"""Everything of one store into another, document by document."""

import hashlib
from dataclasses import dataclass
from itertools import islice

from api.export import Part, export_lines
from graph.errors import StoreError
from graph.schema import NODES
from graph.store import Reader, Writer, scan_all
from search.progress import Progress

_VECTORS = 1000


@dataclass(frozen=True, slots=True)
class Copied:
    """`checksum` is the SHA-256 of the whole export, which is the same from both stores."""

    documents: int
    vectors: int
    lines: int
    checksum: str


def copy_store(source: Reader, target: Writer, advance: Progress | None = None) -> Copied:
    """Write all that `source` holds into `target`, and compare both.

    After a break the same call goes on: what is there already costs only a look. Raises StoreError
    where the target holds other documents, or differs at the end.
    """
    documents = source.documents()
    if foreign := set(target.documents()).difference(documents):
        raise StoreError(
            f"目标图谱里有 {len(foreign)} 份来源没有的文件（如 {min(foreign)}）："
            "请换一个空的图谱，或先删去它们"
        )
    for done, document in enumerate(documents, 1):
        batch = source.batch_of(document)
        # It may have been deleted since the list was made.
        if batch is not None:
            target.apply(batch)
        if advance is not None:
            advance(done, len(documents), "文件")
    vectors = sum(_copy_vectors(source, target, model) for model in source.models())
    lines, checksum = _checksum(source)
    if (lines, checksum) != _checksum(target):
        raise StoreError("复制后两个图谱的内容不同：复制时来源可能被改动过，请停止写入后再运行一次")
    return Copied(len(documents), vectors, lines, checksum)


def _copy_vectors(source: Reader, target: Writer, model: str) -> int:
    count = 0
    for label in NODES:
        nodes = scan_all(source, label)
        while ids := [node.id for node in islice(nodes, _VECTORS)]:
            found = source.embeddings(model, ids)
            there = target.embeddings(model, found)
            if missing := {id: said for id, said in found.items() if there.get(id) != said}:
                target.set_embeddings(model, missing)
            count += len(found)
    return count


def _checksum(reader: Reader) -> tuple[int, str]:
    sha, lines = hashlib.sha256(), 0
    for line in export_lines(reader, Part()):
        sha.update(line.encode())
        sha.update(b"\n")
        lines += 1
    return lines, sha.hexdigest()
