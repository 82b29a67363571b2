"""Zip archives: each member is a file of its own; whatever else lies there is told, none read."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer, scan_all
from ingest.archive import find_documents
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, count_files, ingest_paths
from ingest.reading import read
from tests.ingest.documents import document, tabbed

OPTIONS = IngestOptions()
LIMITS = Limits()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Writer]:
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as opened:
        yield opened


def text(number: int, budget: str = "60.00") -> bytes:
    unit = f"30{number}001青禾县某局本级"
    project = tabbed(code=f"99012125P00001011000{number}X", unit=unit, budget=budget)
    return document(project).encode()


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def written_as(path: Path, names: dict[str, bytes]) -> Path:
    """The archive with member names as these bytes and without the UTF-8 flag, as Windows does."""
    data = path.read_bytes()
    for name, raw in names.items():
        assert data.count(name.encode()) == 2 and len(raw) == len(name.encode())
        data = data.replace(name.encode(), raw)
    path.write_bytes(data)
    return path


def errors(path: Path, limits: Limits = LIMITS) -> dict[str, str]:
    """What is refused, by member."""
    found = find_documents([path], limits)
    return {item.member or "": str(item.error) for item in found if item.error is not None}


def members(path: Path, limits: Limits = LIMITS) -> list[str]:
    found = find_documents([path], limits)
    return [item.member or item.path.name for item in found if item.error is None]


def test_each_member_is_a_file_of_its_own(store: Writer, tmp_path: Path) -> None:
    path = archive(tmp_path / "下载", {"2025/3.txt": text(3), "2025/4.txt": text(4)})
    reports = ingest_paths([path], store, OPTIONS)
    assert [(r.file, r.status, r.projects) for r in reports] == [
        (f"{path}!2025/3.txt", "ingested", 1),
        (f"{path}!2025/4.txt", "ingested", 1),
    ]
    names = {node.properties["filename"] for node in scan_all(store, "Document")}
    assert names == {"3.txt", "4.txt"}
    assert count_files([tmp_path / "下载"], LIMITS) == 2
    revision = store.revision()
    assert [r.status for r in ingest_paths([path], store, OPTIONS)] == ["unchanged"] * 2
    assert store.revision() == revision


def test_a_changed_member_replaces_and_a_loose_copy_changes_nothing(
    store: Writer, tmp_path: Path
) -> None:
    path = archive(tmp_path / "a.zip", {"3.txt": text(3)})
    ingest_paths([path], store, OPTIONS)
    (tmp_path / "3.txt").write_bytes(text(3))
    assert [r.status for r in ingest_paths([tmp_path / "3.txt"], store, OPTIONS)] == ["unchanged"]
    archive(path, {"3.txt": text(3, budget="66.00")})
    assert [r.status for r in ingest_paths([path], store, OPTIONS)] == ["replaced"]


def test_workers_and_a_dry_run_report_the_same(store: Writer, tmp_path: Path) -> None:
    members_of = {f"{number}.txt": text(number) for number in range(3, 8)}
    path = archive(tmp_path / "a.zip", {**members_of, "空.txt": b"", "图.txt": b"\x89PNG\r\n"})
    dry = ingest_paths([path], store, IngestOptions(dry_run=True))
    assert store.revision() == 0
    parallel = ingest_paths([path], store, IngestOptions(workers=2))
    assert [asdict(r) for r in parallel] == [asdict(r) for r in dry]
    assert [r.status for r in parallel] == ["ingested"] * 5 + ["failed"] * 2
    again = ingest_paths([path], store, IngestOptions(workers=2))
    assert [r.status for r in again] == ["unchanged"] * 5 + ["failed"] * 2


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gb18030", "青禾县/2025年绩效目标.txt"),
        ("gb18030", "乗.txt"),  # its second byte in GBK is a backslash
        ("utf-8", "青禾县/预算.txt"),  # macOS sets no flag
        ("big5", "青禾縣財政局預算績效目標.txt"),
        ("cp437", "café.txt"),
    ],
)
def test_names_without_the_flag_are_read(tmp_path: Path, encoding: str, name: str) -> None:
    raw = name.encode(encoding)
    plain = "x" * len(raw)
    path = written_as(archive(tmp_path / "a.zip", {plain: b"x"}), {plain: raw})
    assert members(path) == [name]


def test_names_are_cleaned_and_folders_and_remains_passed_over(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip",
        {
            "文件夹/": b"",
            "__MACOSX/._a.txt": b"x",
            "文件夹/.DS_Store": b"x",
            "文件夹/~$a.docx": b"x",
            "Thumbs.db": b"x",
            "./b\\c\x07.txt": b"x",
            "文件夹/a.txt": b"x",
        },
    )
    assert members(path) == ["b/c\ufffd.txt", "文件夹/a.txt"]
    assert not errors(path)


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:\\a.txt", "b/..\\..\\a.txt"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.zip", {name: b"x", "b.txt": b"x"})
    (message,) = errors(path).values()
    assert "压缩包以外" in message and "请" in message
    assert members(path) == ["b.txt"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"], "nothing is written"


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.txt": b"x"}).read_bytes()
    path = archive(tmp_path / "a.zip", {"资料.dat": inner, "b.txt": b"x"})
    assert "最多 1 层" in errors(path)["资料.dat"]
    assert members(path) == ["b.txt"]


def test_two_members_of_one_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"1", "b.txt": b"2"})
    path.write_bytes(path.read_bytes().replace(b"b.txt", b"a.txt"))
    assert members(path) == ["a.txt"]
    assert "同名" in errors(path)["a.txt"]


def test_limits_are_named(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{n}.txt": b"x" * 10 for n in range(3)})
    few = Limits(max_archive_files=2)
    assert "max_archive_files" in errors(path, few)[""]
    assert members(path, few) == ["0.txt", "1.txt"]
    small = Limits(max_archive_bytes=25)
    assert "max_archive_bytes" in errors(path, small)[""]
    assert members(path, small) == ["0.txt", "1.txt"]
    assert "max_file_bytes" in errors(path, Limits(max_file_bytes=9))["0.txt"]
    assert "max_files" in errors(path, Limits(max_files=2))[""]
    for limits in (few, small, LIMITS):
        assert count_files([path], limits) == 3


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"炸.txt": bytes(8 * 1024 * 1024), "b.txt": b"x"})
    assert "max_ratio" in errors(path)["炸.txt"]
    assert members(path) == ["b.txt"]


def test_a_directory_of_too_many_names_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{'x' * 200}{n}.txt": b"" for n in range(50)})
    assert "max_archive_files" in errors(path, Limits(max_archive_files=5))[""]


def _patched(path: Path, field: int, form: str, value: int) -> None:
    """One field of the first entry of the directory, by its offset there."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.index(b"PK\x01\x02") + field, value)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("field", "form", "value", "said"),
    [
        (24, "<L", 5, "已损坏"),  # tells 5 bytes and holds more
        (16, "<L", 1, "已损坏"),  # another checksum
        (20, "<L", 3, "已损坏"),  # tells fewer packed bytes
        (42, "<L", 7, "已损坏"),  # points elsewhere
        (8, "<H", 1, "密码"),
        (10, "<H", 14, "14 号"),  # LZMA
    ],
)
def test_a_member_that_lies_or_is_locked_is_told_and_the_rest_read(
    tmp_path: Path, field: int, form: str, value: int, said: str
) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"abc" * 1000, "b.txt": b"x"})
    _patched(path, field, form, value)
    assert said in errors(path)["a.txt"]
    assert members(path) == ["b.txt"]


def test_cut_or_changed_anywhere_it_never_crashes(tmp_path: Path) -> None:
    whole = archive(tmp_path / "whole", {"甲/a.txt": b"abc" * 50, "b.txt": b"x"}).read_bytes()
    path = tmp_path / "a.zip"
    for at in range(len(whole)):
        for content in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            path.write_bytes(content or b"P")
            found = list(find_documents([path], LIMITS))
            assert found and all(f.error is None or "a.zip" in str(f.error) for f in found)


def test_a_damaged_or_empty_archive_says_so(store: Writer, tmp_path: Path) -> None:
    whole = archive(tmp_path / "whole", {"a.txt": text(3)}).read_bytes()
    (tmp_path / "whole").unlink()
    (tmp_path / "断.zip").write_bytes(whole[:-30])
    archive(tmp_path / "空.zip", {})
    archive(tmp_path / "夹.zip", {"只有文件夹/": b""})
    reports = ingest_paths(
        [tmp_path / name for name in ("断.zip", "空.zip", "夹.zip")], store, OPTIONS
    )
    said = [r.error.message if r.error else "" for r in reports]
    assert ["损坏" in said[0], "没有可读" in said[1], "没有可读" in said[2]] == [True] * 3


def test_content_decides_what_a_container_is(tmp_path: Path) -> None:
    """A folder called word is none of Word's; a workbook is no archive of xml files."""
    path = archive(tmp_path / "a.docx", {"word/3.txt": text(3)})
    assert members(path) == ["word/3.txt"]
    for names, said in (
        (("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (("mimetype", "META-INF/manifest.xml"), "OpenDocument"),
        (("OFD.xml", "Doc_0/Document.xml"), "OFD"),
    ):
        path = archive(tmp_path / "b.zip", dict.fromkeys(names, b"<x/>"))
        assert members(path) == ["b.zip"]
        with pytest.raises(Exception, match=said):
            read(path.read_bytes(), "b.zip", "document:a", LIMITS)


def test_a_zip64_directory_is_measured(tmp_path: Path) -> None:
    """The record of large archives goes before the short one, whatever that tells."""
    buffer = io.BytesIO(archive(tmp_path / "a.zip", {"a.txt": b"x"}).read_bytes())
    data = buffer.getvalue()
    end = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - start, start
    ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    (tmp_path / "a.zip").write_bytes(data[:end] + record + data[end:])
    assert members(tmp_path / "a.zip") == ["a.txt"]
    huge = record.replace(struct.pack("<Q", end - start), struct.pack("<Q", 1 << 40), 1)
    (tmp_path / "a.zip").write_bytes(data[:end] + huge + data[end:])
    assert "max_archive_files" in errors(tmp_path / "a.zip")[""]


def test_a_cut_archive_is_no_workbook_whatever_it_holds(tmp_path: Path, store: Writer) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as book:
        book.writestr("xl/workbook.xml", "x" * 2000)
    path = tmp_path / "下载.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("附件.xlsx", inner.getvalue())
    path.write_bytes(path.read_bytes()[:1500])
    (report,) = ingest_paths([path], store, OPTIONS)
    assert report.error is not None
    assert report.error.message.startswith(f"{path}：压缩包已损坏或不完整；")


def test_members_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    """All entries of the directory point to one kernel: many files unpacked from a few bytes."""
    names = {f"{n}.txt": b"" for n in range(9)}
    path = archive(tmp_path / "a.zip", {**names, "核.txt": bytes(range(256)) * 3000})
    data = bytearray(path.read_bytes())
    entries = [n for n in range(len(data)) if data.startswith(b"PK\x01\x02", n)]
    kernel = entries[-1]
    for entry in entries:
        data[entry + 10 : entry + 28] = data[kernel + 10 : kernel + 28]
        data[entry + 42 : entry + 46] = data[kernel + 42 : kernel + 46]
    path.write_bytes(data)
    assert len(errors(path)) == 9 and members(path) == ["核.txt"]


def test_links_are_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr(link, "/etc/passwd")
        target.writestr("b.txt", b"x")
    assert members(tmp_path / "a.zip") == ["b.txt"] and not errors(tmp_path / "a.zip")


@pytest.mark.timeout(30)
def test_a_hundred_thousand_members_are_counted_not_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"{n}": b"" for n in range(100_000)})
    found = [item.error for item in find_documents([path], LIMITS, load=False) if item.error]
    assert ["max_archive_files" in str(error) for error in found] == [True]
