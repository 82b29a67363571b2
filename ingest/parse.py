"""One file to one batch: the part of an ingest that needs no store, and so runs in parallel."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from graph import ids
from graph.elements import GraphBatch
from graph.mapping import to_batch
from graph.model import DocumentKind, Warning
from ingest.errors import IngestError
from ingest.extract import extract
from ingest.files import Found, content_of
from ingest.limits import Limits
from ingest.reading import read
from ingest.report import FileError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds. `batch` is None where it failed, or where `known` had its id already."""

    file: str
    document: str | None = None
    kind: str | None = None
    filename: str = ""
    batch: GraphBatch | None = None
    warnings: tuple[Warning, ...] = ()
    error: FileError | None = None


def parse_file(
    found: Found, limits: Limits, known: Callable[[str], bool], ocr: bool = False
) -> Parsed:
    """Read, extract and map one file. A fault of the file becomes `error`, never an exception."""
    try:
        return _parse(content_of(found, limits), found, limits, known, ocr)
    except IngestError as error:
        return Parsed(found.label, error=FileError(error.code, str(error)))
    except Exception:
        # The boundary of one file: a fault of ours in reading it must not stop the others.
        _log.exception("unexpected fault in %s", found.label)
        return Parsed(
            found.label,
            error=FileError(
                "internal",
                f"{found.label}：读取时程序出错，这个文件没有入库；请把文件和日志发给维护者。",
            ),
        )


def _parse(
    content: bytes, found: Found, limits: Limits, known: Callable[[str], bool], ocr: bool
) -> Parsed:
    sha256 = hashlib.sha256(content).hexdigest()
    document_id = ids.document(sha256)
    if known(document_id):
        return Parsed(found.label, document=document_id, filename=found.filename)
    source = read(content, found.label, document_id, limits, ocr)
    document = extract(source, sha256, found.filename)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Parsed(
        found.label,
        document=document_id,
        kind=document.kind.value,
        filename=found.filename,
        batch=to_batch(document, now),
        warnings=document.warnings,
    )


def is_empty(parsed: Parsed) -> bool:
    """Read, and nothing known found in it."""
    return parsed.kind == DocumentKind.UNKNOWN.value
