"""The committed lines are readable, and one that is not is named with file and line."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from training.data import FOLDER, BadLine, TrainingData, learned_before, read_training_data
from training.groups import group
from training.split import held_out, meant, split

DATA = read_training_data()

BAD = [
    # (file, line put in the place of its second, what the message says)
    ("general_commerce.jsonl", "{", "不是 JSON"),
    ("general_commerce.jsonl", "[1]", "应是一个 JSON 对象"),
    ("general_commerce.jsonl", "{}", "缺少 domain"),
    ("families_topical.jsonl", '{"family": "甲", "domain": 3}', "缺少 domain，或它不是文字"),
    ("families_generic.jsonl", '{"family": "甲", "level2": "乙", "wordings": []}', "wordings"),
    ("families_generic.jsonl", '{"family": "甲", "level2": "乙", "wordings": [1]}', "不是文字"),
    ("projects.jsonl", '{"indicators": [["甲"]]}', "五项一组"),
    ("thesaurus.tsv", "资金\t经费", "应有三列"),
    ("thesaurus.tsv", "", "现有 1 列"),
]


@pytest.mark.parametrize(("name", "line", "said"), BAD)
def test_a_bad_line_is_named(tmp_path: Path, name: str, line: str, said: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(FOLDER, folder)
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    lines[1] = line
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadLine, match=said) as raised:
        read_training_data(folder)
    assert f"{name} 第 2 行" in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLine, match=r"general_commerce\.jsonl 无法读取"):
        read_training_data(tmp_path)


def test_what_a_model_learned_is_told_by_checksums(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        shutil.copy(path, tmp_path)
    manifest = tmp_path / "manifest.json"
    sums = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.iterdir()}
    manifest.write_text(json.dumps({"data": sums}), encoding="utf-8")
    every = read_training_data(tmp_path)
    assert learned_before(manifest, folder=tmp_path) == every
    anew = learned_before(manifest, "ladders_*", folder=tmp_path)
    assert anew.ladders == () and anew.projects == every.projects
    changed = tmp_path / "ladders_city.jsonl"
    lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
    changed.write_text("".join(lines[:-1]), encoding="utf-8")
    learned = learned_before(manifest, folder=tmp_path)
    assert len(learned.ladders) == len(every.ladders) - len(lines)
    assert learned.indicators == every.indicators
    for broken in ("{", '{"data": 3}', "{}"):
        manifest.write_text(broken, encoding="utf-8")
        with pytest.raises(BadLine, match="manifest"):
            learned_before(manifest, folder=tmp_path)


def test_whole_domains_and_families_are_held_out() -> None:
    parts = split(DATA)
    learned = {one.domain for one in parts.learned.indicators}
    tested = {one.domain for one in parts.held_out.indicators}
    assert learned and tested and not learned & tested
    for side, here in ((parts.learned, False), (parts.held_out, True)):
        assert all(held_out(one.domain or one.family) is here for one in side.families)
        assert all(held_out(one.department) is here for one in side.projects)
    assert 0.08 < len(parts.held_out.indicators) / len(DATA.indicators) < 0.25


def test_no_wording_is_on_both_sides() -> None:
    parts = split(DATA)
    learned, tested = (_wordings(side) for side in (parts.learned, parts.held_out))
    assert learned and tested and not learned & tested


def _wordings(side: TrainingData) -> set[str]:
    texts = {text for indicator in side.indicators for text in meant(indicator)}
    texts |= {text for family in side.families for text in meant(family)}
    return texts | {text for project in side.projects for text in meant(project)}


def test_the_seed_decides_and_nothing_else_does() -> None:
    assert split(DATA) == split(DATA)
    assert split(DATA, seed=7).held_out != split(DATA, seed=8).held_out
    assert split(DATA, share=0.0).learned == DATA


def test_records_touch_by_wording_near_miss_and_theme() -> None:
    groups = group(DATA)
    number = {getattr(r, "family", ""): n for n, r in enumerate(groups.records)}

    def touch(one: str, other: str) -> bool:
        return bool(groups.touching[number[one], number[other]])

    assert (groups.touching == groups.touching.T).all() and groups.touching.diagonal().all()
    # a theme: all kinds of satisfaction
    assert touch("村干部基层满意度", "代表委员满意度")
    assert not touch("村干部基层满意度", "招商签约项目数")
    # a near miss of a family is another record's name
    missed = {
        text: n for n, r in enumerate(groups.records) for text in getattr(r, "near_misses", ())
    }
    named = {
        getattr(r, "name", None) or getattr(r, "family", ""): n
        for n, r in enumerate(groups.records)
    }
    common = sorted(set(missed) & set(named))
    assert common
    assert all(groups.touching[missed[text], named[text]] for text in common)
