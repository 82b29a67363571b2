"""The command line as a person meets it: answers, sentences, exit statuses."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from api.cli import _COMMANDS
from api.settings import Settings
from graph.store import Writer
from tests.api.conftest import Jipu, indexed
from tests.api.graphs import NUMBER, POLICY, QINGHE, ROW, UPSTREAM, fill


def process(
    *arguments: str, settings: Settings, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A real process, as a person starts it."""
    places = ["--store", settings.store, "--data", str(settings.data)]
    return subprocess.run(
        [sys.executable, "-m", "api", *places, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **(environment or {})},
        timeout=60,
        check=False,
    )


USAGE = [
    # arguments, words of the sentence
    ((), "缺少命令"),
    (("没有",), "没有“没有”这个命令"),
    (("show",), "缺少参数 ID"),
    (("show", "a", "b"), "多出了参数 b"),
    (("show", "--lmit", "1", "a"), "--limit"),  # a slip of the fingers
    (("show", "--limit", "多", "a"), "不是整数"),
    (("show", "--limit", "-1", "a"), "不在 0 与"),
    (("show", "--limit"), "后面要有一个值"),
    (("export", "--format", "xml"), "jsonl"),
    (("search", "满意", "--type", "县"), "indicator、project"),
    (("ingest",), "缺少参数 PATH..."),
    (("trace", ""), "请给出文号或《标题》"),
    (("trace", "  "), "请给出文号或《标题》"),
]


@pytest.mark.parametrize(("arguments", "words"), USAGE)
def test_usage_errors_are_chinese_sentences(
    jipu: Jipu, arguments: tuple[str, ...], words: str
) -> None:
    ran = jipu(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert words in ran.err
    english = ("Usage", "Error", "Missing", "Invalid", "unexpected", "Try ")
    assert not any(word in ran.err for word in english)


@pytest.mark.parametrize("name", _COMMANDS)
def test_help_is_chinese_and_fits_the_terminal(jipu: Jipu, name: str) -> None:
    ran = jipu(name, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"用法：jipu {name}")
    assert "Show this message" not in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_the_help_lists_every_command(jipu: Jipu) -> None:
    listed = jipu("--help").out
    assert all(f"\n  {name}  " in listed for name in _COMMANDS)


def test_an_unusable_store_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "不是库.db"
    file.write_text("这不是数据库" * 100, encoding="utf-8")
    ran = process("stats", settings=Settings(store=f"sqlite:///{file}"))
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert "不是库.db" in ran.stderr.decode()
    assert "Traceback" not in ran.stderr.decode()


def test_a_password_never_shows() -> None:
    ran = process("stats", settings=Settings(store="neo4j://neo4j:geheim@host:7687"))
    assert ran.returncode == 2
    assert b"geheim" not in ran.stderr + ran.stdout


def test_show(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("show", ROW)
    assert ran.status == 0
    assert "qinghe.txt 第 3 行：群众满意度" in ran.out
    assert f"→ 引用 CITES  {NUMBER}" in ran.out
    shown = jipu("show", ROW, "--json").json
    assert shown["id"] == ROW
    assert shown["edges_total"] == len(shown["edges"]) == 3
    assert shown["evidence"][0]["file"] == "qinghe.txt"


def test_show_keeps_its_bookkeeping_for_json(jipu: Jipu, tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(
        "青禾财建〔2024〕9001号\n青禾县财政局关于下达公厕改造资金的通知\n县城市管理局：\n现下达60万元。\n",
        encoding="utf-8",
    )
    jipu("ingest", "--no-index", str(path))
    policy = "policy:青禾财建〔2024〕9001号"
    assert "title_key" in jipu("show", policy, "--json").json["properties"]
    shown = jipu("show", policy).out
    assert "title（标题" in shown and "title_key" not in shown


def test_show_limits_edges_and_says_so(filled: Writer, jipu: Jipu) -> None:
    assert "只显示前 1 条" in jipu("show", ROW, "--limit", "1").out
    shown = jipu("show", ROW, "--limit", "1", "--json").json
    assert (len(shown["edges"]), shown["edges_total"]) == (1, 3)


def test_show_without_such_a_node(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("show", "indicator:没有", "--json")
    assert (ran.status, ran.out) == (1, "")
    assert "indicator:没有" in ran.err


def test_stats(filled: Writer, jipu: Jipu) -> None:
    counted = jipu("stats", "--json").json
    assert counted["nodes"]["Document"] == 2
    assert counted["edges"]["SAME_AS"] == 0
    assert "政策文件" in jipu("stats").out


def test_stats_of_an_empty_store_says_what_to_do(jipu: Jipu) -> None:
    ran = jipu("stats", "--json")
    assert ran.json["nodes"]["Document"] == 0
    assert "jipu ingest" in jipu("stats").err


def test_delete(filled: Writer, jipu: Jipu) -> None:
    assert jipu("delete", QINGHE, "--json").json == {"deleted": QINGHE}
    assert filled.get([ROW]) == {}
    again = jipu("delete", QINGHE)
    assert again.status == 1
    assert QINGHE in again.err


def test_parse_value(jipu: Jipu) -> None:
    [target] = jipu("parse-value", "≥95%", "--json").json
    assert target == {
        "raw": "≥95%",
        "operator": ">=",
        "numbers": ["95"],
        "unit": "%",
        "kind": "percent",
    }
    assert "百分比" in jipu("parse-value", "≥95%").out


def test_cite(filled: Writer, jipu: Jipu) -> None:
    text = "根据云财建【2024】9001号和财建〔2020〕9999号执行"
    found = jipu("cite", "-", "--json", input=text).json["citations"]
    assert [c["number"] for c in found] == [NUMBER, "财建〔2020〕9999号"]
    assert [c["status"] for c in found] == ["stub", "unknown"]
    assert all(text[c["start"] : c["end"]] == c["raw"] for c in found)
    told = jipu("cite", text).out
    assert "仅被引用" in told
    assert f"即 policy:{NUMBER}" in told  # one candidate is no guess
    assert "没有找到" in jipu("cite", "今天下雨").out
    [sloppy] = jipu("cite", "-", "--json", input="云财建2024-9001\n").json["citations"]
    assert (sloppy["number"], sloppy["status"]) == (NUMBER, "stub")
    assert sloppy["raw"] == "云财建2024-9001"


def test_embed_answers_line_by_line(jipu: Jipu, tmp_path: Path) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("群众满意度\n\n道路里程\n", encoding="utf-8")
    vectors = [json.loads(line) for line in jipu("embed", str(file)).out.splitlines()]
    assert len(vectors) == 3
    assert len({len(vector) for vector in vectors}) == 1
    for vector in vectors:
        assert sum(number**2 for number in vector) == pytest.approx(1.0, abs=1e-4)
    assert jipu("embed", input="群众满意度\n").out == jipu("embed", "-", input="群众满意度").out


def test_embed_without_such_a_file(jipu: Jipu) -> None:
    ran = jipu("embed", "没有这个文件.txt")
    assert ran.status == 2
    assert "没有这个文件.txt" in ran.err


def test_output_is_utf_8_whatever_the_locale(settings: Settings) -> None:
    for locale in (
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        ran = process("parse-value", "≥95%", settings=settings, environment=locale)
        assert "百分比" in ran.stdout.decode("utf-8")


def test_a_closed_pipe_ends_quietly(filled: Writer, settings: Settings) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as after | head
    command = [sys.executable, "-m", "api", "--store", settings.store, "export"]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_trace_takes_any_spelling(filled: Writer, jipu: Jipu) -> None:
    for spelling in (NUMBER, "云财建【2024】9001号", "云财建 (2024) 9001", f"policy:{NUMBER}"):
        traced = jipu("trace", spelling, "--json").json
        assert traced["policy"]["number"] == NUMBER
        assert traced["totals"] == {
            "indicators": 2,
            "projects": 2,
            "departments": 2,
            "counties": 2,
            "budget": 1250.5,
        }
        assert [project["budget"] for project in traced["projects"]] == [1000.0, 250.5]
        via = traced["projects"][0]["via"][0]
        assert (via["field"], via["evidence"][0]["file"]) == ("basis", "qinghe.txt")


def test_trace_shows_the_passages(filled: Writer, jipu: Jipu) -> None:
    shown = jipu("trace", NUMBER).out
    assert "指标 2 条，项目 2 个，部门 2 个，县区 2 个，资金 1,250.5 万元" in shown
    assert "qinghe.txt 第 3 行：依据云财建【2024】9001号" in shown
    assert "财建〔2023〕9900号" in shown


def test_trace_of_the_upstream_notice_goes_through(filled: Writer, jipu: Jipu) -> None:
    traced = jipu("trace", UPSTREAM, "--json").json
    assert (traced["totals"]["projects"], traced["direct"]["projects"]) == (2, 0)
    assert traced["projects"][0]["through"] == [POLICY]
    assert f"经由 {NUMBER}" in jipu("trace", UPSTREAM).out


def test_trace_of_an_unknown_number(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("trace", "云财建〔2024〕9002号", "--json")
    assert ran.status == 0
    assert (ran.json["projects"], ran.json["policy"]["status"]) == ([], "unknown")
    assert NUMBER in ran.json["did_you_mean"]
    assert f"是否要找：{NUMBER}" in jipu("trace", "云财建〔2024〕9002号").out


def test_search(filled: Writer, jipu: Jipu) -> None:
    found = jipu("search", "老百姓", "满不满意", "--json").json
    assert found["query"] == "老百姓 满不满意"
    assert found["hits"][0]["count"] == 2
    shown = jipu("search", "满意度", "--county", "青禾县").out
    assert "青禾县" in shown
    assert "云岭县" not in shown
    assert "qinghe.txt 第 3 行：群众满意度" in shown


def test_search_says_what_it_understood_and_can_be_told_not_to(filled: Writer, jipu: Jipu) -> None:
    question = ("search", "青禾县邻县", "近两年", "满意度90以上", "不要时效")
    shown = jipu(*question).out
    assert "理解为：县区 云岭县，年度 2023、2024，目标值 ≥90，不要 时效\n说明：" in shown
    assert "青禾县邻县：同属一市的另外 1 个县区" in shown.replace("\n", "")
    understood = jipu(*question, "--json").json["understood"]
    assert (understood["targets"], understood["without"]) == (["≥90"], ["时效"])
    assert jipu(*question, "--literal", "--json").json["understood"]["text"] == " ".join(
        question[1:]
    )
    assert "\n兼查：满意率" in shown
    plain = jipu(*question, "--原样").out
    assert "理解为" not in plain and "兼查" not in plain
    partly = jipu(*question, "--without-understanding", "years", "--json").json["understood"]
    assert (partly["years"], partly["text"]) == ([], "近两年 满意度")
    refused = jipu(*question, "--without-understanding", "moons")
    assert refused.status == 2 and "policies" in refused.err


def test_search_without_a_result_says_what_to_try(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("search", "满意度", "--year", "1999")
    assert ran.status == 0
    assert "--type all" in ran.out


def test_search_of_an_empty_store_says_how_to_ingest(jipu: Jipu) -> None:
    assert "jipu ingest" in jipu("search", "满意度").out
    ran = jipu("search", "满意度", "--json")
    assert ran.json["hits"] == []
    assert "jipu ingest" in ran.err


def test_similar(filled: Writer, jipu: Jipu) -> None:
    shown = jipu("similar", ROW).out
    assert "云岭县" in shown
    assert "≥95%" in shown
    groups = jipu("similar", "--text", "群众是否满意", "--json").json["groups"]
    assert {group["county"] for group in groups} == {"青禾县", "云岭县"}
    assert jipu("similar").status == 2
    assert jipu("similar", ROW, "--text", "群众").status == 2
    assert jipu("similar", "indicator:没有").status == 1


def test_similar_targets_in_other_units_are_converted(store: Writer, jipu: Jipu) -> None:
    fill(store, "≤0.05万元", "≤500元")
    shown = jipu("similar", "--text", "群众是否满意").out
    assert "（换算后单位：元）" in shown
    rows = [line.split() for line in shown.splitlines() if "≤" in line and "indicator" in line]
    assert {tuple(row[1:3]) for row in rows} == {("≤0.05万元", "500"), ("≤500元", "500")}
    [wording] = jipu("wording", "群众满意度", "--json").json["wordings"]
    [target] = wording["targets"]
    assert (target["count"], target["canonical_unit"], target["canonical_numbers"]) == (
        2,
        "元",
        ["500"],
    )


def test_wording(filled: Writer, jipu: Jipu) -> None:
    [wording] = jipu("wording", "群众满意度", "--json").json["wordings"]
    assert wording["count"] == 2
    assert "青禾县 ×1" in jipu("wording", "群众满意度").out


def test_eval(filled: Writer, jipu: Jipu, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    lines = [{"query": "群众满意度", "relevant": [ROW]}, {"query": "道路", "relevant": ["没有"]}]
    cases.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    measured = jipu("eval", str(cases), "--json").json
    assert (measured["cases"], measured["recall@10"], measured["mrr@10"]) == (2, 0.5, 0.5)
    assert [lost["query"] for lost in measured["lost"]] == ["道路"]
    shown = jipu("eval", str(cases), "-v")
    assert "nDCG@10" in shown.out
    assert "道路" in shown.out
    assert "图谱中没有编号 没有，按没有找到计" in shown.err
    # As the Notepad of Windows saves it.
    cases.write_text(json.dumps(lines[0]), encoding="utf-8-sig")
    alone = jipu("eval", str(cases), "--json")
    assert (alone.json["cases"], alone.err) == (1, "")
    cases.write_text("不是 JSON", encoding="utf-8")
    refused = jipu("eval", str(cases))
    assert refused.status == 2
    assert f"{cases}：第 1 行" in refused.err


def test_eval_against_a_saved_run(filled: Writer, jipu: Jipu, tmp_path: Path) -> None:
    cases, frozen = tmp_path / "cases.jsonl", tmp_path / "frozen.jsonl"
    lines = [
        {"query": "群众满意度", "relevant": [ROW], "split": "judge"},
        {"query": "道路", "relevant": ["没有"], "split": "learn"},
    ]
    cases.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    measured = jipu("eval", str(cases), "--save", str(frozen), "--json").json
    assert measured["splits"]["judge"]["recall@10"] == 1.0
    assert measured["splits"]["learn"]["cases"] == 1
    low, high = measured["intervals"]["recall@10"]
    assert (low, high) == (0.0, 1.0)
    assert "judge：1 个问题，0 个没有找到" in jipu("eval", str(cases)).out
    still = jipu("eval", str(cases), "--against", str(frozen), "--json").json["against"]
    assert still == {"gained": [], "lost": [], "new": 0, "gone": 0}
    worse = [{"query": "群众满意度", "relevant": ["没有"]}]
    cases.write_text(json.dumps(worse[0]), encoding="utf-8")
    shown = jipu("eval", str(cases), "--against", str(frozen)).out
    assert "变好 0 题，变差 1 题" in shown
    assert "- 1.00 → 0.00  群众满意度" in shown
    assert "0 题是新的，1 题这次没有问" in shown
    refused = jipu("eval", str(cases), "--against", str(cases))
    assert refused.status == 2
    assert f"{cases}：第 1 行" in refused.err


def test_reindex(filled: Writer, jipu: Jipu, settings: Settings) -> None:
    assert jipu("reindex").status == 0
    assert indexed(settings)


def test_doctor(filled: Writer, jipu: Jipu, settings: Settings, tmp_path: Path) -> None:
    ran = jipu("doctor")
    assert ran.status == 0
    assert "✗" not in ran.out
    assert ran.out.count("✓") == 9 + ("✓ Neo4j" in ran.out)
    broken = tmp_path / "model"
    broken.mkdir()
    (broken / "model.onnx").write_bytes(b"")
    sick = process("--model", str(broken), "doctor", "--json", settings=settings)
    assert sick.returncode == 2
    checks = {check["name"]: check for check in json.loads(sick.stdout)["checks"]}
    assert not checks["语义模型"]["ok"]
    assert checks["语义模型"]["advice"]
    assert checks["图谱"]["ok"]


def test_doctor_of_an_unusable_store(tmp_path: Path) -> None:
    ran = process("doctor", settings=Settings(store="mysql://x", data=tmp_path))
    assert ran.returncode == 2
    assert "✗ 图谱" in ran.stdout.decode()
