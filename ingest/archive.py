"""Zip archives: every member is a file of its own, and nothing is ever written to disk.

What a container is, its central directory says: a Word document is a zip archive too.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from ingest.encoding import decode
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    IngestError,
    TooLarge,
    UnreadableFile,
    UnsupportedFormat,
)
from ingest.files import Found, find_files, is_passed_over, open_regular, read_bounded, too_many
from ingest.limits import Limits

Container: TypeAlias = Literal["docx", "xlsx", "pptx", "odf", "ofd", "zip"]

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
FAULTS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError),
    *(OSError, ValueError, KeyError, OverflowError, RuntimeError),
)
"""What zipfile raises over damage; RuntimeError holds NotImplementedError."""

_MIB = 1024 * 1024
_UTF8, _ENCRYPTED = 0x800, 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Of small files a high ratio is no harm: a page of blanks packs well.
_RATIO_FROM = _MIB
# A directory entry has 46 bytes and a name: one of this many on average is none of a document's.
_ENTRY_BYTES = 1024
_NAMED = 20  # so many members an error names
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
_LOCATOR, _LOCATOR_SIZE, _END64_SIZE = b"PK\x06\x07", 20, 56
# /etc/x.txt   C:\x.txt   \\server\x.txt          not: 2025/x.txt
_ABSOLUTE = re.compile(r"/|[A-Za-z]:")
_OFFICE = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))


def find_documents(paths: Iterable[Path], limits: Limits, *, load: bool = True) -> Iterator[Found]:
    """The files of `find_files`, with the members of an archive in its place, in their order.

    A member that is refused comes out with its error; folders, links and what systems leave behind
    are passed over. With `load` each member holds its content; one at a time, as it is asked for.
    A path archive.zip!inner/name stands for that member alone.
    """
    count = 0
    for found in find_files(paths, limits):
        for document in _expanded(*_split(found), limits, load):
            count += 1
            if count > limits.max_files:
                yield Found(found.path, too_many(limits))
                return
            yield document


def container(file: BinaryIO, name: str, limits: Limits) -> Container:
    """What a zip container holds. Raises TooLarge or DamagedFile."""
    try:
        with open_directory(file, name, limits) as archive:
            return _kind(set(archive.namelist()))
    except FAULTS as error:
        raise DamagedFile(
            f"{name}：压缩包已损坏或不完整；请重新下载，或用解压软件修复。"
        ) from error


def check_unpacked(content: bytes, name: str, limits: Limits) -> None:
    """Raises TooLarge where the members of a container say that they unpack to more than
    `max_expanded_bytes` together: for programs of others, which count nothing."""
    with open_directory(BytesIO(content), name, limits) as archive:
        size = sum(info.file_size for info in archive.infolist())
    if size > limits.max_expanded_bytes:
        raise expanded_too_far(name, limits)


def expanded_too_far(name: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{name}：解压后超过上限 {limits.max_expanded_bytes // _MIB} MiB（max_expanded_bytes）；"
        "请拆分文件，或在设置 JIPU_MAX_EXPANDED_BYTES 中放宽。"
    )


def open_directory(file: BinaryIO, name: str, limits: Limits) -> zipfile.ZipFile:
    """The open archive. Raises TooLarge before a directory is read that names too many files, and
    one of FAULTS where there is none."""
    if _directory_bytes(file) > limits.max_archive_files * _ENTRY_BYTES:
        raise _too_many_members(name, limits)
    file.seek(0)
    return zipfile.ZipFile(file)


def _directory_bytes(file: BinaryIO) -> int:
    """The length of the directory as the end of the archive tells it, 0 where nothing is told.

    zipfile reads so many bytes in any case, and makes an object of every 46.
    """
    size = file.seek(0, 2)
    reach = min(size, _END_SIZE + _LONGEST_COMMENT + _LOCATOR_SIZE + _END64_SIZE)
    file.seek(size - reach)
    tail = file.read(reach)
    # zipfile takes a record without a comment at the very end first, else the last of all.
    bare = len(tail) - _END_SIZE
    at = bare if bare >= 0 and tail.startswith(_END, bare) else tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        return 0
    length = int(struct.unpack_from("<L", tail, at + 12)[0])
    locator = at - _LOCATOR_SIZE
    if locator >= _END64_SIZE and tail.startswith(_LOCATOR, locator):
        length = int(struct.unpack_from("<Q", tail, locator - _END64_SIZE + 40)[0])
    return length


def _kind(names: set[str]) -> Container:
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return kind  # type: ignore[return-value]
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        return "odf"
    return "ofd" if "OFD.xml" in names else "zip"


def _split(found: Found) -> tuple[Found, str]:
    """The archive, and the name inside it where the path names a member."""
    if found.error is not None:
        name = str(found.path)
        for mark in re.finditer("!", name):
            path = Path(name[: mark.start()])
            if path.is_file():
                return Found(path), name[mark.end() :]
    return found, ""


def _expanded(found: Found, wanted: str, limits: Limits, load: bool) -> Iterator[Found]:
    if found.error is not None:
        yield found
        return
    try:
        with open_regular(found.path) as file:
            name = str(found.path)
            if file.read(4) in MAGIC and container(file, name, limits) == "zip":
                with open_directory(file, name, limits) as archive:
                    yield from _members(found.path, archive, wanted, limits, load)
            elif wanted:
                yield Found(
                    found.path,
                    UnsupportedFormat(
                        f"{name}：这不是 zip 压缩包，里面没有 {wanted}；请去掉“!”和后面的部分。"
                    ),
                )
            else:
                yield found
    except DamagedFile:
        # Its reader tells what kind of container it was.
        yield found
    except IngestError as error:
        yield Found(found.path, error)


def _members(
    path: Path, archive: zipfile.ZipFile, wanted: str, limits: Limits, load: bool
) -> Iterator[Found]:
    """All members, or that which is wanted."""
    seen: dict[str, None] = {}
    size = 0
    for info in archive.infolist():
        name = member_name(info)
        if name.endswith("/") or _is_passed_over(name) or stat.S_ISLNK(info.external_attr >> 16):
            continue
        if len(seen) == limits.max_archive_files:
            yield Found(path, _too_many_members(str(path), limits))
            return
        error = _refusal(info, name, f"{path}!{name}", limits)
        if name in seen:
            error = DamagedFile(
                f"{path}!{name}：压缩包里有两个同名的文件，只读第一个；请改名后重新压缩。"
            )
        seen[name] = None
        size += 0 if error else info.file_size
        if size > limits.max_archive_bytes:
            yield Found(
                path,
                TooLarge(
                    f"{path}：压缩包解压后超过上限 {limits.max_archive_bytes // _MIB} MiB"
                    "（max_archive_bytes），其余未读；"
                    "请分成几个，或在设置 JIPU_MAX_ARCHIVE_BYTES 中放宽。"
                ),
            )
            return
        if wanted in ("", name):
            yield _member(Found(path, error, name), archive, info, limits, load)
    if not seen:
        yield Found(path, EmptyFile(f"{path}：压缩包里没有可读的文件；请检查下载是否完整。"))
    elif wanted and wanted not in seen:
        yield Found(path, _no_member(path, wanted, seen))


def _no_member(path: Path, wanted: str, names: Collection[str]) -> UnreadableFile:
    shown = "、".join(islice(names, _NAMED)) + ("等" if len(names) > _NAMED else "")
    return UnreadableFile(
        f"{path}!{wanted}：压缩包里没有这个文件；里面有 {len(names)} 个：{shown}。请核对文件名。"
    )


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker meant it, with / between folders.

    Without the UTF-8 flag zipfile reads cp437; Windows writes such names in GBK, macOS in UTF-8.
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        try:
            text, cut = decode(name.encode("cp437"), name)
        except (IngestError, UnicodeEncodeError):
            cut = True
        if not cut:
            name = text
    name = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return re.sub(r"(?:^|(?<=/))(?:\./)+", "", name.replace("\\", "/"))


def _is_passed_over(name: str) -> bool:
    parts = [part for part in name.split("/") if part != ".."]
    return any(part == "__MACOSX" or is_passed_over(part) for part in parts)


def _refusal(info: zipfile.ZipInfo, name: str, label: str, limits: Limits) -> IngestError | None:
    """Why a member is not read, as far as the directory tells."""
    if _ABSOLUTE.match(name) or ".." in name.split("/"):
        return UnsupportedFormat(
            f"{label}：文件名指向压缩包以外的位置，已跳过；请解压后核对，再放进文件夹入库。"
        )
    if info.flag_bits & _ENCRYPTED:
        return UnsupportedFormat(f"{label}：压缩包有密码；请先用密码解压后再入库。")
    if info.compress_type not in _METHODS:
        return UnsupportedFormat(
            f"{label}：压缩方式不常用（{info.compress_type} 号），不能读取；"
            "请解压后用普通的 zip 方式重新压缩。"
        )
    if info.file_size > limits.max_file_bytes:
        return TooLarge(
            f"{label}：超过单个文件的上限 {limits.max_file_bytes // _MIB} MiB（max_file_bytes）；"
            "请拆分，或在设置 JIPU_MAX_FILE_BYTES 中放宽。"
        )
    if info.file_size > max(_RATIO_FROM, limits.max_ratio * info.compress_size):
        return TooLarge(
            f"{label}：解压后超过压缩时的 {limits.max_ratio} 倍（max_ratio），可能是解压炸弹；"
            "请解压后核对，或在设置 JIPU_MAX_RATIO 中放宽。"
        )
    return None


def _member(
    found: Found, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, load: bool
) -> Found:
    if found.error is not None or not load:
        return found
    try:
        content = _content(archive, info, found.label, limits)
        if content.startswith(MAGIC) and _is_nested(content, found.label, limits):
            raise UnsupportedFormat(
                f"{found.label}：压缩包里的压缩包不展开（最多 1 层）；请先解压外面这一层后再入库。"
            )
    except IngestError as error:
        return Found(found.path, error, found.member)
    return Found(found.path, None, found.member, content)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, limits: Limits) -> bytes:
    """In pieces, as zipfile unpacks no more at once than it is asked for, whatever sizes it was
    told; it stops at the size in the directory, and the checksum tells that there was more."""
    try:
        with archive.open(info) as file:
            return read_bounded(file, label, limits)
    except FAULTS as error:
        raise DamagedFile(
            f"{label}：在压缩包里已损坏；请重新下载压缩包，或单独取得这个文件。"
        ) from error


def _is_nested(content: bytes, label: str, limits: Limits) -> bool:
    try:
        return container(BytesIO(content), label, limits) == "zip"
    except DamagedFile:
        return False  # its reader tells


def _too_many_members(name: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{name}：压缩包里的文件超过 {limits.max_archive_files} 个（max_archive_files），其余未读；"
        "请分成几个，或在设置 JIPU_MAX_ARCHIVE_FILES 中放宽。"
    )
