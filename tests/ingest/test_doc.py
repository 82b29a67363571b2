"""Older office files: told by what is in them, read through LibreOffice, and never waited for."""

import http.server
import io
import os
import signal
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.blocks import SourceText
from ingest.errors import DamagedFile, IngestError, TooLarge, UnsupportedFormat
from ingest.extract import extract
from ingest.limits import Limits
from ingest.readers import ole
from ingest.readers.doc import DOC, ODT, convert, office_program
from ingest.reading import read
from tests.ingest import compound
from tests.ingest.documents import HEADING, ROWS

LIMITS = Limits()


@pytest.fixture(scope="module")
def office() -> str:
    """LibreOffice; where it is missing the test is skipped, but never by the whole of CI."""
    program = office_program()
    if program is None:
        reason = "没有 LibreOffice；请安装：sudo apt install libreoffice-writer libreoffice-calc"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def goal_document() -> bytes:
    """A heading, a goal table with merged cells and its indicators, and a sentence."""
    file = docx.Document()
    file.add_paragraph("青禾县城市管理局2025年部门预算绩效文本")
    table = file.add_table(rows=0, cols=6, style="Table Grid")
    head = (
        ("322001青禾县城市管理局本级", "", "", "", "单位：万元", ""),
        ("项目编码", "99012125P000010110001X", "", "项目名称", "2025年公厕改造经费", ""),
        ("预算规模及资金用途", "预算数", "60.00", "其中：财政资金", "60.00", ""),
        ("绩效目标", "改造公厕12座。", "", "", "", ""),
        HEADING,
    )
    for row in (*head, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for number, first, last in ((0, 0, 3), (0, 4, 5), (1, 1, 2), (1, 4, 5), (2, 4, 5), (3, 1, 5)):
        table.cell(number, first).merge(table.cell(number, last))
    table.cell(6, 0).text = ""
    table.cell(5, 0).merge(table.cell(6, 0))
    file.add_paragraph("依据云财建〔2025〕9001号落实管护。")
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def written(office: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same document and workbook in each format, as LibreOffice writes them; "docx" and
    "xlsx" as they were made."""
    folder = tmp_path_factory.mktemp("written")
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADING, *ROWS):
        book.active.append(row)
    book.save(folder / "a.xlsx")
    (folder / "a.docx").write_bytes(goal_document())
    found = {name: (folder / f"a.{name}").read_bytes() for name in ("docx", "xlsx")}
    for source, target in (
        ("docx", "doc:MS Word 97"),
        ("docx", "rtf:Rich Text Format"),
        ("docx", "odt:writer8"),
        ("xlsx", "ods:calc8"),
    ):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", target, f"a.{source}"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=120,
        )
        suffix = target.partition(":")[0]
        found[suffix] = (folder / f"a.{suffix}").read_bytes()
    return found


def grids(source: SourceText) -> list[list[list[tuple[str, str]]]]:
    return [
        [[(source.text[c.start : c.end], c.covered) for c in row] for row in table.rows]
        for table in source.tables
    ]


def source_of(content: bytes, name: str = "旧文件", limits: Limits = LIMITS) -> SourceText:
    return read(content, name, "document:a", limits)


@pytest.mark.parametrize(
    ("older", "newer"), [("doc", "docx"), ("rtf", "docx"), ("odt", "docx"), ("ods", "xlsx")]
)
def test_a_table_is_that_of_the_newer_format(
    written: dict[str, bytes], older: str, newer: str
) -> None:
    assert grids(source_of(written[older])) == grids(source_of(written[newer]))


def test_a_doc_gives_the_facts_of_the_docx(written: dict[str, bytes]) -> None:
    source = source_of(written["doc"])
    (project,) = extract(source, "a" * 64, "旧文件.doc").projects
    (same,) = extract(source_of(written["docx"]), "a" * 64, "新文件.docx").projects
    assert [(i.level1.value, i.name.value, i.value.value) for i in project.indicators] == [
        (i.level1.value, i.name.value, i.value.value) for i in same.indicators
    ]
    assert len(project.indicators) == len(ROWS)
    for item in project.indicators:
        evidence = item.value.evidence
        assert source.text[evidence.start : evidence.end] == evidence.raw


def test_a_broken_doc_is_told(written: dict[str, bytes]) -> None:
    content = written["doc"]
    start = content.index(ole.streams(content)["WordDocument"])
    spoilt = content[:start] + b"\x55" * 4096 + content[start + 4096 :]
    for broken in (content[:600], content[:1500], content[: len(content) // 2], spoilt):
        with pytest.raises(DamagedFile, match=r"旧文件.*另存为 docx"):
            source_of(broken)


def test_a_doc_with_a_password_is_told(written: dict[str, bytes]) -> None:
    content = bytearray(written["doc"])
    content[content.index(ole.streams(bytes(content))["WordDocument"]) + 11] |= 1
    with pytest.raises(UnsupportedFormat, match="加了密码"):
        source_of(bytes(content))


def test_two_at_once_have_profiles_of_their_own(written: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(source_of, [written["doc"], written["odt"]])
    assert grids(first) == grids(second)


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what was asked of it."""
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"),
        ("text", "text"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
        ("manifest", "manifest"),
    )
)


def odt(body: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("mimetype", kind)
        target.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {_NAMES}><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{kind}"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        target.writestr(
            "content.xml",
            f'<office:document-content {_NAMES} xmlns:xlink="http://www.w3.org/1999/xlink">'
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
    return buffer.getvalue()


def test_nothing_that_a_file_links_to_is_fetched(
    office: str, web: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = web
    secret = tmp_path / "别的文件.txt"
    secret.write_text("不该读到的内容", encoding="utf-8")
    content = odt(
        "<text:p>正文</text:p><text:section text:name='a'><text:section-source "
        f"text:filter-name='Text (encoded)' xlink:href='{secret.as_uri()}'/></text:section>"
        "<text:p><draw:frame svg:width='1cm' svg:height='1cm'>"
        f"<draw:image xlink:href='{address}/a.png'/></draw:frame></text:p>"
    )
    source = source_of(content)
    assert "正文" in source.text
    assert "不该读到" not in source.text
    assert asked == []


def put(folder: Path, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In front of the PATH, for a soffice that misbehaves; working folders are made in tmp/."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path


def test_what_would_unpack_without_end_is_not_begun(folder: Path) -> None:
    put(folder / "bin", f"touch {folder / 'begun'}")
    content = odt(f"<text:p>{'字' * 400_000}</text:p>")
    with pytest.raises(TooLarge, match="max_expanded_bytes"):
        source_of(content, limits=replace(LIMITS, max_expanded_bytes=1_000_000))
    assert not (folder / "begun").exists()


def is_gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        # A child that its parent never waited for has ended all the same.
        state = Path(f"/proc/{process}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    return False


def test_a_program_that_hangs_is_stopped_with_its_children(folder: Path) -> None:
    put(folder / "bin", f"sleep 60 & echo $! >{folder / 'child'}; wait")
    begun = time.monotonic()
    with pytest.raises(TooLarge, match=r"旧文件.*max_office_seconds.*JIPU_MAX_OFFICE_SECONDS"):
        convert(b"x", "旧文件", DOC, replace(LIMITS, max_office_seconds=1))
    assert time.monotonic() - begun < 10
    assert is_gone(int((folder / "child").read_text()))
    assert list((folder / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # says nothing and writes nothing
        ("exit 0", "打不开"),
        ("exit 81", "打不开"),
        # fills the disk
        ("while :; do cat /dev/zero | head -c 1000000 >>big; done", "max_expanded_bytes"),
        # writes something that is no document
        ("mkdir out && echo x >out/source.docx", "已损坏"),
    ],
)
def test_a_program_that_misbehaves(folder: Path, script: str, expected: str) -> None:
    put(folder / "bin", script)
    content = compound.compound({"WordDocument": b"\xec\xa5"})
    with pytest.raises(IngestError, match=f"旧文件.*{expected}"):
        source_of(content, limits=replace(LIMITS, max_expanded_bytes=3_000_000))
    assert list((folder / "tmp").iterdir()) == []


def test_without_the_program_both_ways_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnsupportedFormat, match=r"旧文件.*安装 LibreOffice.*另存为 docx"):
        source_of(compound.compound({"WordDocument": b"\xec\xa5"}))
    with pytest.raises(UnsupportedFormat, match="OpenDocument"):
        convert(b"", "旧文件", ODT, LIMITS)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["PowerPoint Document", "Current User"], "ppt"),
        (["EncryptionInfo", "EncryptedPackage"], "加了密码"),
        (["\u4840\u3f7f\u4164\u422f\u4836"], "不是 Word 或 Excel"),  # a table of an installer
        ([], "不是 Word 或 Excel"),
    ],
)
def test_what_an_ole2_file_is(names: list[str], expected: str) -> None:
    with pytest.raises(UnsupportedFormat, match=f"旧文件.*{expected}"):
        source_of(compound.compound(dict.fromkeys(names, b"x")))


def test_a_workbook_in_a_word_file_is_no_workbook() -> None:
    entries = [
        compound.entry("Root Entry", 5, child=1),
        compound.entry("WordDocument", 2, right=2),
        compound.entry("ObjectPool", 1, child=3),
        compound.entry("Workbook", 2),
    ]
    content = compound.file(entries, [0xFFFFFFFD, 0xFFFFFFFE])
    assert list(ole.streams(content)) == ["WordDocument"]


def test_a_directory_that_goes_round_is_told() -> None:
    name = "Workbook"
    twice = [
        compound.entry("Root Entry", 5, child=1),
        *(compound.entry(name, 2, left=n, right=n) for n in (2, 3)),
        compound.entry(name, 2),
    ]
    circle = [compound.entry("Root Entry", 5, child=1), compound.entry(name, 2, left=1)]
    for entries, chain in (
        (twice, [0xFFFFFFFD, 0xFFFFFFFE]),
        (circle, [0xFFFFFFFD, 0xFFFFFFFE]),
        (circle, [0xFFFFFFFD, 1]),  # the directory itself
    ):
        with pytest.raises(DamagedFile, match="旧文件"):
            source_of(compound.file(entries, chain))


_WORD_2003 = (
    '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>'
    "<w:p><w:r><w:t>青禾县2025年绩效目标</w:t></w:r></w:p><w:tbl><w:tblPr/>"
    '<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid><w:tr>'
    "<w:tc><w:p><w:r><w:t>改造公厕</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>≥12座</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
    "</w:body></w:wordDocument>"
)
_EXCEL_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="绩效"><Table>'
    '<Row><Cell><Data ss:Type="String">改造公厕</Data></Cell>'
    '<Cell><Data ss:Type="String">≥12座</Data></Cell></Row></Table></Worksheet></Workbook>'
)


@pytest.mark.parametrize("content", [_WORD_2003, _EXCEL_2003])
def test_the_xml_of_office_2003_is_read(office: str, content: str) -> None:
    assert grids(source_of(content.encode())) == [[[("改造公厕", ""), ("≥12座", "")]]]
