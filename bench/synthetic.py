"""A graph of any size, made up: fictional counties, their departments' documents and notices.

Wordings and policies are drawn as they are used, few of them often and most of them once: about
one indicator in three has a wording of its own, and the most popular policy is cited by one
indicator in twenty. The words are hand-written (synthetic_wordings.tsv, synthetic_projects.tsv).
The same size and seed give the same documents.
"""

import hashlib
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path

from graph.elements import GraphBatch
from graph.evidence import Evidence
from graph.mapping import to_batch
from graph.model import (
    Allocation,
    Citation,
    Department,
    Document,
    DocumentKind,
    Goal,
    GoalScope,
    Indicator,
    Money,
    Policy,
    Project,
    Region,
    Text,
)
from graph.values.document_number import DocumentNumber
from graph.values.target import Target, parse_target

YEARS = (2023, 2024, 2025)
PROJECTS = 40
"""Of one document, in the mean."""
INDICATORS = (5, 9)
"""Of one project, at least and at most."""
DEPARTMENTS = 12
"""Of one county. Each publishes a document a year."""
CITING = 0.5
"""The share of indicators that cite a policy."""
OWN_WORDING = 0.31
"""The share of indicators with a wording that nobody else has."""
INDICATORS_OF_A_POLICY = 40
NOTICES = 0.1
"""The share of policies whose own text is there."""
TOWNS = tuple("青云白河石柳松梅竹桥溪泉岭湾塘坪")
WRITTEN = "2026-01-01T00:00:00Z"
_LEVELS = {"成本指标": "成本指标", "服务对象满意度指标": "满意度指标"}
_OUTPUT = frozenset({"数量指标", "质量指标", "时效指标"})


def batches(indicators: int, seed: int = 1) -> Iterator[GraphBatch]:
    """At least so many indicators in whole documents, and the notices that they cite."""
    return (to_batch(document, WRITTEN) for document in documents(indicators, seed))


def documents(indicators: int, seed: int = 1) -> Iterator[Document]:
    makers = random.Random(seed)
    policies = _Policies(max(2, indicators // INDICATORS_OF_A_POLICY))
    for rank in range(int(len(policies.numbers) * NOTICES)):
        yield _Writer(random.Random(makers.random()), f"notice-{seed}-{rank}").notice(
            policies, rank
        )
    made = number = 0
    while made < indicators:
        year = YEARS[number % len(YEARS)]
        department = number // len(YEARS)
        writer = _Writer(random.Random(makers.random()), f"text-{seed}-{number}")
        document = writer.performance_text(policies, department, year)
        yield document
        made += sum(len(project.indicators) for project in document.projects)
        number += 1


class _Policies:
    """Policies by popularity: the one of rank n is cited 1/n as often as the first."""

    def __init__(self, amount: int) -> None:
        prefixes = ("云财建", "云财社", "州财农", "州财教", "云财资环", "州财行")
        self.numbers = [
            DocumentNumber(prefixes[n % len(prefixes)], YEARS[n % len(YEARS)], str(9000 + n))
            for n in range(amount)
        ]
        self._weights = _falling(amount)

    def draw(self, chance: random.Random) -> DocumentNumber:
        return chance.choices(self.numbers, cum_weights=self._weights)[0]


class _Writer:
    """Writes one document. Every text has its place in a source that is never put together."""

    def __init__(self, chance: random.Random, name: str) -> None:
        self._chance = chance
        self._sha256 = hashlib.sha256(name.encode()).hexdigest()
        self._id = f"document:{self._sha256[:16]}"
        self._at = 0

    def performance_text(self, policies: _Policies, department: int, year: int) -> Document:
        county, own = divmod(department, DEPARTMENTS)
        kinds = project_words()
        office = sorted({row[0] for row in kinds})[own * 7 % 100]
        code = f"99{county // 20 % 90 + 1:02d}{county % 20 + 21:02d}"
        place = f"{TOWNS[county % 16]}{TOWNS[county // 16 % 16]}县"
        unit = Department(
            region=Region(code=code, name=place),
            code=f"{301 + own}001",
            name=f"{place}{office}本级",
            evidence=self._evidence(f"{place}{office}", "department"),
        )
        # The same projects in every year, some of which end.
        amount = self._chance.randint(PROJECTS // 2, PROJECTS * 3 // 2)
        return Document(
            id=self._id,
            sha256=self._sha256,
            filename=f"{place}{office}{year}年部门预算绩效文本.txt",
            extraction="synthetic",
            kind=DocumentKind.PERFORMANCE_TEXT,
            evidence=self._evidence(f"{place}{office}{year}年部门预算绩效文本", "title"),
            title=f"{place}{office}{year}年部门预算绩效文本",
            fiscal_year=year,
            fiscal_year_source="title",
            department=unit,
            goals=(self._goal(GoalScope.OVERALL, kinds[department % len(kinds)][3]),),
            projects=tuple(self._project(policies, unit, year, n) for n in range(amount)),
        )

    def notice(self, policies: _Policies, rank: int) -> Document:
        """The text of a policy; it cites one that is more popular, and hands money to counties."""
        number = policies.numbers[rank]
        title = f"关于下达{project_words()[rank % len(project_words())][1]}的通知"
        above = policies.numbers[rank // 2] if rank else None
        cited = () if above is None else (self._citation(above, "text"),)
        policy = Policy(
            number=number,
            title=self._text(title, "title"),
            issuer="云山省财政厅",
            evidence=self._evidence(number.canonical, "number"),
            allocations=tuple(self._allocation(n + 1) for n in range(10)),
            citations=cited,
        )
        return Document(
            id=self._id,
            sha256=self._sha256,
            filename=f"{number.canonical}.txt",
            extraction="synthetic",
            kind=DocumentKind.FUNDING_NOTICE,
            evidence=self._evidence(title, "title"),
            title=title,
            policy=policy,
        )

    def _project(self, policies: _Policies, unit: Department, year: int, number: int) -> Project:
        kinds = project_words()
        _, name, purpose, goal = kinds[(int(unit.code) * 31 + number * 7) % len(kinds)]
        code = f"{unit.region.code}23P{unit.code}{number:05d}"
        amount = Decimal(self._chance.randint(100, 2_000_000)) / 100
        cited = policies.draw(self._chance)
        return Project(
            fiscal_year=year,
            name=self._text(f"{name}（{cited.canonical}）", "name"),
            department=unit,
            code=self._text(code, "code"),
            budget=Money(value=amount, text=self._text(str(amount), "budget")),
            purpose=self._text(purpose, "purpose"),
            goals=(self._goal(GoalScope.PROJECT, goal),),
            indicators=tuple(
                self._indicator(policies, n + 1) for n in range(self._chance.randint(*INDICATORS))
            ),
            citations=(self._citation(cited, "name"),),
        )

    def _indicator(self, policies: _Policies, position: int) -> Indicator:
        words, weights = _indicator_words()
        _, level2, name, description, value = self._chance.choices(words, cum_weights=weights)[0]
        if self._chance.random() < OWN_WORDING:
            town = "".join(self._chance.choices(TOWNS, k=4))
            description = f"{town[:2]}乡{town[2:]}等{self._chance.randint(2, 999)}处{description}"
        citing = self._chance.random() < CITING
        cited = policies.draw(self._chance) if citing else None
        return Indicator(
            position=position,
            level1=self._text(_level1(level2), "level1"),
            level2=self._text(level2, "level2"),
            name=self._text(name, "name"),
            description=self._text(description, "description"),
            value=self._text(value, "value"),
            target=_target(value),
            basis=self._text("工作计划" if cited is None else cited.canonical, "basis"),
            citations=() if cited is None else (self._citation(cited, "basis"),),
        )

    def _goal(self, scope: GoalScope, text: str) -> Goal:
        return Goal(scope=scope, text=self._text(text, "text"))

    def _allocation(self, position: int) -> Allocation:
        amount = Decimal(self._chance.randint(1, 9000))
        recipient = f"{self._chance.choice(TOWNS)}{self._chance.choice(TOWNS)}县"
        printed = self._text(str(amount), "amount")
        return Allocation(
            position=position,
            recipient=self._text(recipient, "recipient"),
            amount=Money(value=amount, text=printed),
            evidence=printed.evidence,
            unit="万元",
        )

    def _citation(self, number: DocumentNumber, field: str) -> Citation:
        evidence = self._evidence(number.canonical, field)
        return Citation(field=field, evidence=evidence, number=number, passage=number.canonical)

    def _text(self, value: str, field: str) -> Text:
        return Text(value=value, evidence=self._evidence(value, field))

    def _evidence(self, raw: str, field: str) -> Evidence:
        start, self._at = self._at, self._at + len(raw) + 1
        return Evidence(
            document=self._id,
            raw=raw,
            start=start,
            end=start + len(raw),
            field=field,
            line=start // 40 + 1,
        )


def _level1(level2: str) -> str:
    if level2 in _OUTPUT:
        return "产出指标"
    return _LEVELS.get(level2, "效益指标")


@cache
def _target(value: str) -> Target:
    return parse_target(value)


@cache
def _indicator_words() -> tuple[list[tuple[str, ...]], list[float]]:
    """Rows of domain, level2, name, description and value, in an order that mixes the domains,
    and how often each is drawn."""
    rows = _table("synthetic_wordings.tsv")
    random.Random(0).shuffle(rows)
    return rows, _falling(len(rows))


@cache
def project_words() -> list[tuple[str, ...]]:
    """Rows of department, name, purpose and goal."""
    return _table("synthetic_projects.tsv")


def _table(name: str) -> list[tuple[str, ...]]:
    """The rows below the head."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [tuple(line.split("\t")) for line in text.splitlines()[1:]]


def _falling(amount: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, amount + 1)))
