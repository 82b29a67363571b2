"""Whatever lies at a path: it is read, or refused with a sentence; nothing hangs."""

import os
import socket
from pathlib import Path

import pytest

from ingest.errors import EmptyFile, TooLarge, UnreadableFile
from ingest.files import find_files, read_bytes
from ingest.limits import Limits


def names(*paths: Path, limits: Limits | None = None) -> list[str]:
    return [found.path.name for found in find_files(paths, limits or Limits())]


def test_folders_are_read_recursively_in_order_and_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".hidden", "~$draft.docx"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path, tmp_path / "a.txt") == ["a.txt", "1.txt", "2.txt"]


def test_a_loop_of_links_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    (tmp_path / "z.txt").write_text("x")
    found = list(find_files([tmp_path], Limits()))
    assert [f.path.name for f in found if f.error is None] == ["z.txt"]
    assert all("链接" in str(f.error) for f in found if f.error is not None)
    assert len(found) == 4


@pytest.mark.parametrize("kind", ["device", "pipe", "socket", "folder", "missing", "broken link"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    match kind:
        case "device":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(path))
        case "folder":
            path.mkdir()
        case "broken link":
            path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UnreadableFile, match="x："):
        read_bytes(path, Limits())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="权限"):
        read_bytes(path, Limits())


def test_limits_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"x" * 11)
    with pytest.raises(TooLarge, match="max_file_bytes"):
        read_bytes(path, Limits(max_file_bytes=10))
    assert read_bytes(path, Limits(max_file_bytes=11)) == b"x" * 11


@pytest.mark.parametrize("content", [b"", b" \n\t "])
def test_an_empty_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(EmptyFile, match="空"):
        read_bytes(path, Limits())


def test_too_many_files_and_too_deep_folders_are_told(tmp_path: Path) -> None:
    for name in ("1.txt", "2.txt", "3.txt"):
        (tmp_path / name).write_text("x")
    found = list(find_files([tmp_path], Limits(max_files=2)))
    assert [f.error is None for f in found] == [True, True, False]
    assert "max_files" in str(found[-1].error)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "x.txt").write_text("x")
    errors = [f.error for f in find_files([tmp_path], Limits(max_depth=1)) if f.error]
    assert ["max_depth" in str(error) for error in errors] == [True]
