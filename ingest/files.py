"""From the paths a user names to the bytes of regular files, whatever lies there."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from graph.errors import reason
from ingest.errors import EmptyFile, IngestError, TooLarge, UnreadableFile
from ingest.limits import Limits

_CHUNK = 1024 * 1024
# Left by editors and systems beside documents; never documents themselves.
_SYSTEM_NAMES = frozenset({"Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Found:
    """A path to read, or the reason why what stands there cannot be read.

    `member` is the name inside the archive at `path`, and `content` what the archive holds there.
    """

    path: Path
    error: IngestError | None = None
    member: str | None = None
    content: bytes | None = None

    @property
    def label(self) -> str:
        """The path as the user gave it; a member of an archive is archive.zip!inner/name."""
        return str(self.path) if self.member is None else f"{self.path}!{self.member}"

    @property
    def filename(self) -> str:
        return self.path.name if self.member is None else self.member.rpartition("/")[2]


def find_files(paths: Iterable[Path], limits: Limits) -> Iterator[Found]:
    """Files in a fixed order: as named, folders recursively by name; each file once.

    A loop of links, a broken link, a folder without permission and a path that does not exist
    come out as Found with an error. Hidden files inside folders are passed over.
    """
    seen: set[tuple[int, int]] = set()
    count = 0
    for path in paths:
        for found in _walk(path, limits, seen, ()):
            count += 1
            if count > limits.max_files:
                yield Found(path, too_many(limits))
                return
            yield found


def too_many(limits: Limits) -> TooLarge:
    return TooLarge(f"文件超过 {limits.max_files} 个（max_files），其余未读；请分批入库。")


def is_passed_over(name: str) -> bool:
    """Hidden files, and what editors and systems leave beside documents."""
    return name.startswith((".", "~$")) or name in _SYSTEM_NAMES


def _walk(
    path: Path, limits: Limits, seen: set[tuple[int, int]], above: tuple[tuple[int, int], ...]
) -> Iterator[Found]:
    try:
        status = path.stat()
    except OSError as error:
        yield Found(path, _unreadable(path, error))
        return
    identity = (status.st_dev, status.st_ino)
    if not stat.S_ISDIR(status.st_mode):
        if identity not in seen or not stat.S_ISREG(status.st_mode):
            seen.add(identity)
            yield Found(path)
        return
    if identity in above:
        yield Found(path, UnreadableFile(f"{path}：链接绕回了上级文件夹，已跳过；请删去这个链接。"))
        return
    if identity in seen:
        return
    seen.add(identity)
    if len(above) >= limits.max_depth:
        yield Found(
            path,
            TooLarge(
                f"{path}：文件夹超过 {limits.max_depth} 层（max_depth）；请移到浅一些的位置。"
            ),
        )
        return
    try:
        names = sorted(entry.name for entry in os.scandir(path))
    except OSError as error:
        yield Found(path, _unreadable(path, error))
        return
    for name in names:
        if not is_passed_over(name):
            yield from _walk(path / name, limits, seen, (*above, identity))


def content_of(found: Found, limits: Limits) -> bytes:
    """What stands there, or in the archive. Raises the reason why it cannot be read."""
    if found.error is not None:
        raise found.error
    return read_bytes(found.path, limits) if found.content is None else found.content


def read_bytes(path: Path, limits: Limits) -> bytes:
    """The whole content of a regular file, never more than `max_file_bytes`.

    Raises UnreadableFile, EmptyFile or TooLarge.
    """
    with open_regular(path) as file:
        return read_bounded(file, str(path), limits)


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open for reading; raises UnreadableFile, also where reading it fails.

    A device, pipe or socket is refused before it is read: it may never end.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for a writer that may never come.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableFile(
                    f"{path}：这不是普通文件（设备、管道或文件夹），已跳过；请改为指向文件本身。"
                )
            yield file
    except OSError as error:
        raise _unreadable(path, error) from error


def read_bounded(file: IO[bytes], name: str, limits: Limits) -> bytes:
    """Read in pieces: a file may grow while it is read, and its size may lie.

    Raises TooLarge over `max_file_bytes`, and EmptyFile where there is nothing but blanks.
    """
    limit = limits.max_file_bytes
    pieces = []
    size = 0
    while piece := file.read(_CHUNK):
        size += len(piece)
        if size > limit:
            raise TooLarge(
                f"{name}：超过单个文件的上限 {limit // (1024 * 1024)} MiB（max_file_bytes）；"
                "请拆分，或在设置 JIPU_MAX_FILE_BYTES 中放宽。"
            )
        pieces.append(piece)
    content = b"".join(pieces)
    if not content.strip():
        raise EmptyFile(f"{name}：文件是空的（{size} 字节）；请检查下载是否完整。")
    return content


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    if isinstance(error, FileNotFoundError):
        advice = "没有这个文件（或链接已断）；请核对路径。"
    elif isinstance(error, PermissionError):
        advice = "没有读取权限；请用 chmod 或文件属性放开读取权限后再试。"
    elif error.errno == errno.ELOOP:
        advice = "链接互相指向，绕成了圈；请删去这个链接。"
    else:
        advice = f"读取失败（{reason(error)}）；请检查磁盘或重新下载。"
    return UnreadableFile(f"{path}：{advice}")
