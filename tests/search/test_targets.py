"""Targets side by side: what compares, in which unit, and which spellings are one target."""

import pytest

from graph.elements import Node, PropertyValue
from graph.store import Writer
from graph.values.target import parse_target
from search.engine import Engine, open_engine
from search.query import TargetCount
from search.targets import measured, target_counts
from tests.search.graphs import BAISHI, QINGHE, YUNLING, Paper, Plan, Row


def indicator(value: str) -> Node:
    """As a store holds it that was filled before canonical properties existed."""
    target = parse_target(value)
    properties: dict[str, PropertyValue] = {
        "value": value,
        "operator": target.operator,
        "numbers": list(target.numbers),
        "unit": target.unit,
        "value_kind": target.kind,
    }
    return Node(f"indicator:{value}", "Indicator", properties)


def spent(county: tuple[str, str], code: str, *values: str) -> Paper:
    rows = tuple(Row("成本指标", "每人补助标准", "每名学生的补助", value) for value in values)
    plan = Plan(code, "学生补助", "用于补助学生", 10.0, rows)
    return Paper(code, county, "205001", f"{county[1]}教育局", 2025, (plan,))


@pytest.fixture
def money(store: Writer, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    for paper in (
        spent(QINGHE, "99012125P000050110005", "≤0.05万元/人"),
        spent(YUNLING, "99012225P000050110005", "≤500元/人", "≤5%"),
        spent(BAISHI, "99010325P000050110005", "≤600元/人", "≤500元"),
    ):
        store.apply(paper.batch())
    return open_engine(store, tmp_path_factory.mktemp("index"))


def test_targets_in_other_units_stand_side_by_side(money: Engine) -> None:
    targets = money.similar(indicator="indicator:99012125P000050110005@2025#1").targets
    assert (targets.unit, targets.kind, targets.canonical_unit) == ("万元/人", "money", "元/人")
    assert {(t.county, t.value, t.unit, t.canonical_numbers) for t in targets.values} == {
        ("云岭县", "≤500元/人", "元/人", ("500",)),
        ("白石区", "≤600元/人", "元/人", ("600",)),
    }
    assert {target.canonical_unit for target in targets.values} == {"元/人"}


def test_a_text_compares_the_commonest_unit(money: Engine) -> None:
    targets = money.similar(text="每人补助标准", scope="all").targets
    assert (targets.unit, targets.canonical_unit) == ("元/人", "元/人")
    assert len(targets.values) == 3


def test_equal_targets_count_together(money: Engine) -> None:
    [wording] = money.wordings("每人补助标准").wordings
    shown = {target.value: target for target in wording.targets}
    assert set(shown) == {"≤0.05万元/人", "≤600元/人", "≤500元", "≤5%"}
    assert shown["≤0.05万元/人"] == TargetCount(
        "≤0.05万元/人", 2, ("≤500元/人",), "元/人", ("500",)
    )


def test_the_usual_spelling_speaks_for_a_target() -> None:
    values = ["≥95%", "≥95百分比", ">=95%", "≥95%", "=95%", "显著提高", "显著提高", ""]
    assert target_counts(map(indicator, values), 10) == (
        TargetCount("≥95%", 4, (">=95%", "≥95百分比"), "%", ("95",)),
        TargetCount("显著提高", 2, (), None, ()),
        TargetCount("=95%", 1, (), "%", ("95",)),
    )
    assert len(target_counts(map(indicator, values), 1)) == 1


def test_what_is_not_measured() -> None:
    assert [measured(indicator(value)) for value in ("显著提高", "≥**人", "1及时完成")] == [
        None
    ] * 3
    assert measured(Node("indicator:1", "Indicator", {})) is None
