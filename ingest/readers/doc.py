"""Older office files (doc, wps, rtf, odt, ods) through LibreOffice, which turns them into docx or
xlsx; the readers of those do the rest.

Evidence of such a file points into the text of its conversion: of the file itself there is none.
LibreOffice runs without a window, in a profile of its own in which macros and the network are off,
and nothing that it writes stays.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from graph.errors import reason
from ingest.archive import expanded_too_far
from ingest.errors import DamagedFile, TooLarge, UnsupportedFormat
from ingest.limits import Limits

_PROGRAMS = ("soffice", "libreoffice")
_LOOK = 0.1  # seconds between two looks at what it does
# What LibreOffice does by itself when it opens a file: all of it off. Links to other files and to
# the web are not followed, and whoever gets round that finds a proxy that is nobody.
# "Never" is 2 in Writer and 1 in Calc; 1 as a RecalcMode is never, 2 as a proxy type is by hand.
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class Older:
    """A format that is read by conversion. `reader` is LibreOffice's name for its import filter:
    left to guess, it takes a broken file for plain text."""

    title: str
    suffix: str
    reader: str
    target: str


DOC = Older("旧版 Word 文件（doc、wps）", "doc", "MS Word 97", "docx")
RTF = Older("RTF 文件", "rtf", "Rich Text Format", "docx")
ODT = Older("OpenDocument 文本（odt）", "odt", "writer8", "docx")
ODS = Older("OpenDocument 表格（ods）", "ods", "calc8", "xlsx")
WORD_XML = Older("Word 2003 的 XML 文件", "xml", "MS Word 2003 XML", "docx")
EXCEL_XML = Older("Excel 2003 的 XML 文件", "xml", "MS Excel 2003 XML", "xlsx")


def office_program() -> str | None:
    """The path of LibreOffice, if it is installed."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def convert(content: bytes, name: str, older: Older, limits: Limits) -> bytes:
    """The file as docx or xlsx (`older.target`).

    Raises UnsupportedFormat without LibreOffice, DamagedFile where it cannot open the file, and
    TooLarge over `max_office_seconds`, or where the result or what lies beside it takes more than
    `max_expanded_bytes`.
    """
    program = office_program()
    if program is None:
        raise UnsupportedFormat(
            f"{name}：这是{older.title}，要借助 LibreOffice 读取，而这台机器上没有找到 soffice；"
            "请安装 LibreOffice 后再入库（Debian、Ubuntu：sudo apt install libreoffice-writer "
            f"libreoffice-calc），或用 Word、WPS 另存为 {older.target}。"
        )
    with tempfile.TemporaryDirectory(prefix="jipu-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        source = folder / f"source.{older.suffix}"
        source.write_bytes(content)
        _write_profile(folder / "profile")
        command = [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--headless", "--norestore", "--nolockcheck", "--nologo"),
            *(f"--infilter={older.reader}", "--convert-to", older.target),
            *("--outdir", str(folder / "out"), str(source)),
        ]
        _run(command, folder, name, older, limits)
        result = folder / "out" / f"source.{older.target}"
        if not result.is_file():
            raise DamagedFile(
                f"{name}：{older.title}已损坏或有密码，LibreOffice 打不开；"
                f"请重新下载，或用 Word、WPS 打开后另存为 {older.target}。"
            )
        _check_size(folder, name, limits)
        return result.read_bytes()


def _run(command: list[str], folder: Path, name: str, older: Older, limits: Limits) -> None:
    deadline = time.monotonic() + limits.max_office_seconds
    with _process_group(command, folder, name, older) as process:
        while True:
            try:
                process.wait(_LOOK)
                return
            except subprocess.TimeoutExpired:
                _check_size(folder, name, limits)
            if time.monotonic() > deadline:
                raise TooLarge(
                    f"{name}：LibreOffice 在 {limits.max_office_seconds} 秒"
                    "（max_office_seconds）里没有读完，已停止；请用 Word、WPS 另存为 "
                    f"{older.target}，或在设置 JIPU_MAX_OFFICE_SECONDS 中放宽。"
                )


@contextmanager
def _process_group(
    command: list[str], folder: Path, name: str, older: Older
) -> Iterator[subprocess.Popen[bytes]]:
    """soffice is a script that starts the program proper: whatever happens, none of both stays."""
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UnsupportedFormat(
            f"{name}：LibreOffice（{command[0]}）不能运行（{reason(error)}）；"
            f"请重新安装，或用 Word、WPS 另存为 {older.target}。"
        ) from error
    try:
        yield process
    finally:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # all have ended by themselves
                os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()


def _check_size(folder: Path, name: str, limits: Limits) -> None:
    """Raises TooLarge where the working folder grows over the limit, as of a file that unpacks."""
    size = 0
    # LibreOffice removes files and folders of its own meanwhile: os.walk passes over those.
    for place, _, names in os.walk(folder):
        for file in names:
            with suppress(FileNotFoundError):
                size += os.lstat(os.path.join(place, file)).st_size
    if size > limits.max_expanded_bytes:
        raise expanded_too_far(name, limits)


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{key}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, key, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
