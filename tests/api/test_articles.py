"""From a citation of 第二条 to its text, whichever came first."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.api.conftest import Jipu
from tests.ingest.documents import ROWS, document, tabbed
from tests.ingest.test_articles import HEAD, MEASURE

ROW = "indicator:99012125P000010110001X@2025#1"
POLICY = "policy:青财建〔2024〕9031号"
BASIS = "《青禾县公厕管护资金管理办法》第二条"
TEXT = "第二条资金用于：\n（一）管护；\n（二）维修。"


@pytest.mark.parametrize("order", list(permutations(("办法.txt", "城管.txt"))))
def test_a_cited_article_leads_to_its_text(
    jipu: Jipu, tmp_path: Path, order: tuple[str, str]
) -> None:
    rows = ((*ROWS[0][:5], BASIS), *ROWS[1:])
    texts = {"办法.txt": HEAD + MEASURE, "城管.txt": document(tabbed(rows=rows))}
    for name in order:
        (tmp_path / name).write_text(texts[name], encoding="utf-8")
        assert jipu("ingest", str(tmp_path / name)).status == 0
    article = {
        "id": "article:青财建〔2024〕9031号#2",
        "label": "第二条",
        "chapter": "第一章总则",
        "text": TEXT,
    }
    shown = jipu("show", ROW, "--json").json
    (relation,) = [edge for edge in shown["edges"] if edge["type"] == "CITES"]
    assert relation["properties"]["article"] == ["第二条"]
    assert relation["articles"] == [article]
    traced = jipu("trace", "青财建〔2024〕9031号", "--json").json
    assert traced["articles"] == [article]
    (via,) = traced["projects"][0]["via"]
    assert via["articles"] == ["第二条"]
    assert "资金用于" in jipu("show", ROW).out
    assert "资金用于" in jipu("trace", "青财建〔2024〕9031号").out
    assert jipu("show", article["id"], "--json").json["properties"]["text"] == TEXT


def test_an_article_whose_policy_is_not_here(jipu: Jipu, tmp_path: Path) -> None:
    rows = ((*ROWS[0][:5], BASIS), *ROWS[1:])
    path = tmp_path / "城管.txt"
    path.write_text(document(tabbed(rows=rows)), encoding="utf-8")
    jipu("ingest", str(path))
    traced = jipu("trace", "《青禾县公厕管护资金管理办法》", "--json").json
    assert [(a["label"], a["text"]) for a in traced["articles"]] == [("第二条", None)]
    assert "第二条（原文没有入库）" in jipu("show", ROW).out


def test_cite_tells_what_is_referred_to(jipu: Jipu, tmp_path: Path) -> None:
    path = tmp_path / "办法.txt"
    path.write_text(HEAD + MEASURE, encoding="utf-8")
    jipu("ingest", str(path))
    text = f"按{BASIS}，该办法第四条之一。上述方案另定。"
    named, back, nothing = jipu("cite", text, "--json").json["citations"]
    assert (named["articles"], named["reference"]) == (["第二条"], False)
    assert (back["raw"], back["title"]) == ("该办法", named["title"])
    assert (back["articles"], back["reference"]) == (["第四条之一"], True)
    assert (back["status"], back["candidates"]) == ("resolved", [POLICY])
    assert (nothing["status"], nothing["title"]) == ("unknown", None)
    both = jipu("cite", "《甲补贴办法》和《乙补贴办法》，该办法", "--json").json["citations"][2]
    assert both["status"] == "ambiguous"
    assert both["candidates"] == ["policy:《甲补贴办法》", "policy:《乙补贴办法》"]
    # of a pasted measure, 本办法 is the measure itself
    own = jipu("cite", HEAD + MEASURE + "本办法由县财政局解释。", "--json").json["citations"][-1]
    assert (own["raw"], own["number"], own["status"]) == ("本办法", POLICY[7:], "resolved")


def test_explain_shows_articles(jipu: Jipu, tmp_path: Path) -> None:
    path = tmp_path / "办法.txt"
    path.write_text(HEAD + MEASURE, encoding="utf-8")
    assert "条文 第四条之一" in jipu("ingest", "--explain", str(path)).out
