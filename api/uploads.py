"""Uploaded files on their way to disk: streamed, bounded, under names that can do no harm."""

import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from api.errors import InvalidRequest, UploadTooLarge
from api.settings import Settings

_CHUNK = 1024 * 1024
_NAME_BYTES = 200
_UNNAMED = "未命名"


def safe_name(name: str) -> str:
    """The last part of a path from any system, without control characters or leading dots.

    >>> safe_name("../../etc/passwd"), safe_name("C:\\\\文件\\\\青禾县.docx")
    ('passwd', '青禾县.docx')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if not unicodedata.category(c).startswith("C"))
    stem, dot, suffix = printable.strip().lstrip(".").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    room = _NAME_BYTES - len(suffix.encode()) - 1
    if room < 1:
        return _UNNAMED
    return (stem.encode()[:room].decode(errors="ignore") or _UNNAMED) + dot + suffix


def save(files: Iterable[tuple[str, BinaryIO]], settings: Settings) -> list[Path]:
    """Write the files into a new folder of their own; two of one name get numbers.

    Raises InvalidRequest without any file, UploadTooLarge over a limit; nothing is left then.
    """
    folder = settings.upload_directory / secrets.token_hex(8)
    paths: list[Path] = []
    size = 0
    folder.mkdir(parents=True)
    try:
        for name, source in files:
            if len(paths) == settings.max_upload_files:
                raise UploadTooLarge(
                    f"一次最多上传 {settings.max_upload_files} 个文件；"
                    "请分次上传，或在 JIPU_MAX_UPLOAD_FILES 中放宽。"
                )
            path = _free(folder, safe_name(name))
            size += _copy(source, path, settings.max_upload_bytes - size)
            paths.append(path)
        if not paths:
            raise InvalidRequest("没有收到文件；请用表单项 files 上传一个或几个文件。")
    except BaseException:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        raise
    return paths


def _free(folder: Path, name: str) -> Path:
    path = folder / name
    number = 2
    while path.exists():
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return path


def _copy(source: BinaryIO, path: Path, room: int) -> int:
    size = 0
    with path.open("xb") as target:
        while piece := source.read(_CHUNK):
            size += len(piece)
            if size > room:
                raise UploadTooLarge(
                    "上传的文件合起来超过上限；请分次上传，或在 JIPU_MAX_UPLOAD_BYTES 中放宽。"
                )
            target.write(piece)
    return size
