"""What a person reads when the disk is full, a file is broken or a word is mistyped."""

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from api.commands import ingest
from graph.errors import StoreUnavailable, reason
from ingest.report import FileReport
from search.errors import SearchError
from tests.api.conftest import Jipu
from tests.ingest.notice_files import txt

REASONS = [
    # what the system says, what the person reads
    (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
    (OSError(errno.ENOENT, "No such file or directory"), "没有这个文件或文件夹"),
    (OSError(errno.EACCES, "Permission denied"), "没有权限"),
    (OSError(errno.EPIPE, "Broken pipe"), "Broken pipe"),  # hardly ever: as the system says it
    (OSError("no number at all"), "no number at all"),
]


@pytest.mark.parametrize(("error", "words"), REASONS)
def test_what_the_system_refuses_is_told_in_chinese(error: OSError, words: str) -> None:
    assert reason(error) == words


SENTENCES = [
    # arguments, what the sentence says
    (("embed", "没有.txt"), "没有.txt：读写失败（没有这个文件或文件夹）"),
    (("eval", "没有.jsonl"), "没有.jsonl：读写失败（没有这个文件或文件夹）"),
    (("export", "-o", "没有/a.jsonl"), "没有/a.jsonl：读写失败"),  # not the file written aside
    (("serch", "满意度"), "是否想写 search"),
    (("parse-value", "-5"), "写在 -- 之后"),
    (("show", ""), "图谱里没有“”"),
]


@pytest.mark.parametrize(("arguments", "words"), SENTENCES)
def test_the_sentence_names_what_and_the_way_out(
    jipu: Jipu, arguments: Sequence[str], words: str
) -> None:
    ran = jipu(*arguments)
    assert ran.status in (1, 2)
    assert words in ran.err


def _files(folder: Path, count: int = 2) -> list[str]:
    for number in range(count):
        (folder / f"{number}.txt").write_bytes(
            txt(("云山省财政厅", f"云财农〔2024〕903{number}号"))
        )
    return [str(folder / f"{number}.txt") for number in range(count)]


def test_a_report_is_not_lost_where_the_index_cannot_be_written(
    jipu: Jipu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise SearchError("检索索引无法写入")

    monkeypatch.setattr(ingest, "_refresh", full)
    ran = jipu("ingest", "--json", *_files(tmp_path))
    assert (ran.status, ran.err) == (2, "检索索引无法写入\n")
    assert ran.json["totals"]["files"] == 2


def test_a_full_store_tells_how_far_it_came(
    jipu: Jipu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(
        paths: Sequence[Path], store: object, chosen: object, on_file: Callable[[FileReport], None]
    ) -> NoReturn:
        on_file(FileReport(str(paths[0]), "ingested"))
        raise StoreUnavailable("磁盘已满")

    monkeypatch.setattr(ingest, "ingest_paths", full)
    first, second = _files(tmp_path)
    ran = jipu("ingest", first, second)
    assert (ran.status, ran.out) == (2, "")
    assert f"读完了 1 个文件，到“{first}”为止；再运行一次会接着读。\n磁盘已满" in ran.err


def test_a_fault_of_the_program_is_one_sentence(
    jipu: Jipu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        raise ValueError("of the program")

    monkeypatch.setattr("api.commands.stats.open_store", broken)
    ran = jipu("stats")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("程序内部出错；")


def test_a_warning_about_a_whole_file_has_its_path(jipu: Jipu, tmp_path: Path) -> None:
    path = tmp_path / "说明.txt"
    path.write_text("各位同事，资料放在这里。\n", encoding="utf-8")
    told = "".join(line.strip() for line in jipu("ingest", "--no-index", str(path)).out.split("\n"))
    assert f"{path}：读到了" in told


def test_a_title_means_the_notice_that_is_stored(jipu: Jipu) -> None:
    """A title that another file cites alone is a node too: it does not hide the notice."""
    title = "《云州市财政局关于下达2024年县域商业体系建设补助资金的通知》"
    jipu("ingest", "--no-index", str(Path(__file__).parents[2] / "examples"))
    assert jipu("show", f"policy:{title}").status == 0
    for spelling in (title, title.strip("《》")):
        policy = jipu("trace", spelling, "--json").json["policy"]
        assert (policy["number"], policy["status"]) == ("州财建〔2024〕9021号", "ingested")
    # Its own id still stands for the title alone.
    assert jipu("trace", f"policy:{title}", "--json").json["policy"]["status"] == "cited"
