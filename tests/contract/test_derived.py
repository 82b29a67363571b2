"""Edges that the store itself keeps in step: CONTINUES and SAME_AS."""

from itertools import permutations

import pytest

from graph.elements import Node, PropertyValue
from graph.store import Writer
from graph.values.policy_title import title_key
from graph.values.short_title import title_tail
from tests.contract.graphs import (
    NOTICE,
    OTHER_NOTICE,
    ROAD,
    ROAD_NEXT,
    SCHOOL,
    TITLE,
    A,
    B,
    C,
    batch,
    node,
)

ROAD_LATER = ROAD.replace("@2024", "@2027")
KEY = {"title_key": "青禾县乡村道路方案"}
OTHER_TITLE = "policy:《关于青禾县乡村道路的方案》"


def derived(store: Writer, *ids: str) -> list[tuple[str, str, str]]:
    found = store.edges(ids, ["CONTINUES", "SAME_AS"], "both")
    assert all(not e.properties and not e.evidence for e in found)
    return [(e.source, e.type, e.target) for e in found]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_each_year_continues_the_year_before(store: Writer, order: tuple[int, ...]) -> None:
    # a year may be missing between two
    says = [batch(A, [ROAD, SCHOOL]), batch(B, [ROAD_NEXT]), batch(C, [ROAD_LATER])]
    for index in order:
        store.apply(says[index])
    assert derived(store, ROAD, SCHOOL, ROAD_NEXT, ROAD_LATER) == [
        (ROAD_NEXT, "CONTINUES", ROAD),
        (ROAD_LATER, "CONTINUES", ROAD_NEXT),
    ]
    assert store.counts()["CONTINUES"] == 2
    # without the one between, the chain closes
    revision = store.revision()
    store.delete_document(B)
    assert derived(store, ROAD, ROAD_LATER) == [(ROAD_LATER, "CONTINUES", ROAD)]
    changes = store.changes(revision)
    assert changes is not None
    assert changes.written == {ROAD, ROAD_LATER}
    store.delete_document(C)
    assert derived(store, ROAD, ROAD_LATER) == []
    assert store.counts()["CONTINUES"] == 0


def test_projects_without_a_code_continue_nothing(store: Writer) -> None:
    store.apply(batch(A, [node(A, "project:1@2024", code=""), node(A, "project:2@2025", code="")]))
    assert derived(store, "project:1@2024", "project:2@2025") == []


def test_a_title_is_the_same_as_its_one_number(store: Writer) -> None:
    store.apply(batch(A, [node(A, TITLE, **KEY), node(A, OTHER_TITLE, **KEY)]))
    # two spellings are one policy already; the smaller id stands for both
    assert derived(store, TITLE) == [(TITLE, "SAME_AS", OTHER_TITLE)]
    revision = store.revision()
    store.apply(batch(B, [node(B, NOTICE, **KEY)], own=[NOTICE]))
    same = sorted([(TITLE, "SAME_AS", NOTICE), (OTHER_TITLE, "SAME_AS", NOTICE)])
    assert derived(store, TITLE, OTHER_TITLE, NOTICE) == same
    # the node at the other end of a new edge counts as written
    changes = store.changes(revision)
    assert changes is not None
    assert changes.written == {NOTICE, TITLE, OTHER_TITLE}
    # a second number of that title makes it ambiguous, until it goes
    store.apply(batch(C, [node(C, OTHER_NOTICE, **KEY)]))
    assert derived(store, TITLE, NOTICE, OTHER_NOTICE) == []
    store.delete_document(C)
    assert derived(store, TITLE, OTHER_TITLE, NOTICE) == same
    # what stays has changed when its other end goes
    revision = store.revision()
    store.delete_document(B)
    changes = store.changes(revision)
    assert changes is not None
    assert (changes.written, changes.removed) == (
        frozenset({TITLE, OTHER_TITLE}),
        frozenset({NOTICE}),
    )
    assert derived(store, TITLE, OTHER_TITLE) == [(TITLE, "SAME_AS", OTHER_TITLE)]


def test_titles_with_no_or_another_key_are_not_the_same(store: Writer) -> None:
    store.apply(
        batch(
            A,
            [
                node(A, TITLE, title_key=""),
                node(A, NOTICE, title_key=""),
                node(A, OTHER_TITLE, title_key="另一"),
                OTHER_NOTICE,
            ],
        )
    )
    assert derived(store, TITLE, NOTICE, OTHER_TITLE, OTHER_NOTICE) == []


def test_a_title_key_that_changes_by_merging_moves_the_edge(store: Writer) -> None:
    store.apply(batch(A, [node(A, TITLE, **KEY), node(A, OTHER_TITLE, title_key="别的方案")]))
    store.apply(batch(C, [node(C, NOTICE, **KEY)]))
    assert derived(store, NOTICE) == [(TITLE, "SAME_AS", NOTICE)]
    # the notice's own text tells its real title: it wins over the one that merely cites
    store.apply(batch(B, [node(B, NOTICE, title_key="别的方案")], own=[NOTICE]))
    assert derived(store, TITLE, OTHER_TITLE) == [(OTHER_TITLE, "SAME_AS", NOTICE)]
    store.delete_document(B)
    assert derived(store, TITLE, OTHER_TITLE) == [(TITLE, "SAME_AS", NOTICE)]


def test_an_unchanged_neighbour_keeps_its_derived_edges(store: Writer) -> None:
    store.apply(batch(A, [node(A, TITLE, **KEY), ROAD]))
    store.apply(batch(B, [node(B, NOTICE, **KEY), ROAD_NEXT]))
    # another document mentions them, says nothing new, and goes again
    store.apply(batch(C, [node(C, TITLE, **KEY), node(C, NOTICE, **KEY), ROAD]))
    before = derived(store, TITLE, ROAD)
    assert before == [(TITLE, "SAME_AS", NOTICE), (ROAD_NEXT, "CONTINUES", ROAD)]
    store.delete_document(C)
    assert derived(store, TITLE, ROAD) == before


def test_a_title_that_names_its_issuer_means_only_that_issuers_policy(store: Writer) -> None:
    """City and county pass a notice on under one title; both share its key."""
    city, county = "policy:州财建〔2024〕9001号", "policy:青禾财建〔2024〕9001号"
    bare = "policy:《云州市财政局关于下达公厕改造补助资金的通知》"
    titles = {
        city: "云州市财政局关于下达公厕改造补助资金的通知",
        county: "青禾县财政局关于下达公厕改造补助资金的通知",
    }
    key = "下达公厕改造补助资金"
    for document, policy in ((A, city), (B, county)):
        said = node(document, policy, number=policy[7:], title=titles[policy], title_key=key)
        store.apply(batch(document, [said]))
    store.apply(batch(C, [node(C, bare, title=bare[8:-1], title_key=key)]))
    assert derived(store, bare) == [(bare, "SAME_AS", city)]


def test_an_issuer_learned_later_moves_the_edge(store: Writer) -> None:
    """The title alone changes, and with it which of two policies of one key is meant."""
    city, county = "policy:州财建〔2024〕9001号", "policy:青禾财建〔2024〕9001号"
    bare = "policy:《云州市财政局关于下达公厕改造补助资金的通知》"
    key, title = "下达公厕改造补助资金", "云州市财政局关于下达公厕改造补助资金的通知"
    plain = "关于下达公厕改造补助资金的通知"
    store.apply(batch(B, [node(B, bare, title=title, title_key=key)]))
    store.apply(
        batch(C, [node(C, policy, title=plain, title_key=key) for policy in (city, county)])
    )
    assert derived(store, bare) == []
    store.apply(batch(A, [node(A, city, title=title, title_key=key)], own=[city]))
    assert derived(store, bare) == [(bare, "SAME_AS", city)]
    store.delete_document(A)
    assert derived(store, bare) == []


WHOLE = "中央财政衔接推进乡村振兴补助资金管理办法"
SHORT = "乡村振兴补助资金管理办法"
OTHER_WHOLE = "云山省乡村振兴补助资金管理办法"


def titled(document: str, title: str, number: str = "", status: str = "cited") -> Node:
    """A policy as `graph.mapping` writes it of its title."""
    key = title_key(title)
    said: dict[str, PropertyValue] = {
        "title": title,
        "title_key": key,
        "title_tail": title_tail(key),
        "status": status,
    }
    return node(document, f"policy:{number or f'《{title}》'}", **said)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_shortened_title_is_the_same_as_the_one_whole_one(
    store: Writer, order: tuple[int, ...]
) -> None:
    number = "云财农〔2024〕9021号"
    says = [
        batch(A, [titled(A, SHORT)]),
        batch(B, [titled(B, WHOLE, number, "ingested")], own=[f"policy:{number}"]),
        batch(C, [titled(C, WHOLE)]),
    ]
    for index in order:
        store.apply(says[index])
    short, whole, numbered = f"policy:《{SHORT}》", f"policy:《{WHOLE}》", f"policy:{number}"
    assert derived(store, short, whole) == [
        (whole, "SAME_AS", numbered),
        (short, "SAME_AS", numbered),
    ]
    # without the number the whole title stands for both
    store.delete_document(B)
    assert derived(store, short, whole) == [(short, "SAME_AS", whole)]
    # a second whole title leaves open which is meant
    store.apply(batch(B, [titled(B, OTHER_WHOLE)]))
    assert derived(store, short, whole) == []
    store.delete_document(B)
    assert derived(store, short, whole) == [(short, "SAME_AS", whole)]
    store.delete_document(C)
    assert derived(store, short) == []


def test_a_policy_whose_text_is_here_is_no_shortened_one(store: Writer) -> None:
    own = titled(A, SHORT, status="ingested")
    store.apply(batch(A, [own], own=[own.id]))
    store.apply(batch(B, [titled(B, WHOLE)]))
    assert derived(store, own.id) == []
    assert derived(store, f"policy:《{WHOLE}》") == []


def test_a_crowded_tail_tells_nothing(store: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edges go with the policy that makes the tail crowded, and come back when it leaves."""
    monkeypatch.setattr("graph.namesakes.MAX_POLICIES", 2)
    short, whole = f"policy:《{SHORT}》", f"policy:《{WHOLE}》"
    store.apply(batch(A, [titled(A, SHORT), titled(A, WHOLE)]))
    assert derived(store, short) == [(short, "SAME_AS", whole)]
    further = [titled(B, f"中央财政{n}推进乡村振兴补助资金管理办法") for n in "甲乙丙丁"]
    store.apply(batch(B, further))
    assert derived(store, short) == []
    # another spelling of the same title is found among any number of others
    store.apply(batch(C, [titled(C, f"{SHORT}（试行）")]))
    same = [(short, "SAME_AS", f"policy:《{SHORT}（试行）》")]
    assert derived(store, short) == same
    store.delete_document(B)
    assert derived(store, short) == same
    store.delete_document(C)
    assert derived(store, short) == [(short, "SAME_AS", whole)]


def test_an_issuer_may_be_named_short(store: Writer) -> None:
    number = "云财建〔2024〕9001号"
    whole, short = "云山省财政厅关于下达修路资金的通知", "省财政厅关于下达修路资金的通知"
    other = "青禾县财政局关于下达修路资金的通知"
    store.apply(batch(A, [titled(A, short), titled(A, other)]))
    assert derived(store, f"policy:《{short}》") == []
    store.apply(batch(B, [titled(B, whole)]))
    assert derived(store, f"policy:《{short}》") == [
        (f"policy:《{short}》", "SAME_AS", f"policy:《{whole}》")
    ]
    store.apply(batch(C, [titled(C, whole, number)]))
    assert derived(store, f"policy:{number}") == [
        (f"policy:《{whole}》", "SAME_AS", f"policy:{number}"),
        (f"policy:《{short}》", "SAME_AS", f"policy:{number}"),
    ]
