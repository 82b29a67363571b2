"""The answer to “who cites this policy”, also when nobody has ever heard of it."""

from dataclasses import fields

from api.policies import Wanted, find_policy
from graph.errors import NotFound
from graph.store import Reader
from graph.traverse import PolicyView, Totals, Trace, trace
from search.fuzzy import near_policies

UNKNOWN = "unknown"
_NEAR = 5


class UnknownPolicy(NotFound):
    """The graph has no such policy; `did_you_mean` has spellings of near ones."""

    def __init__(self, reader: Reader, wanted: Wanted) -> None:
        super().__init__(f"图谱里没有“{wanted.text}”这份政策文件；请核对文号，或给出《标题》。")
        self.did_you_mean = near(reader, wanted)


def near(reader: Reader, wanted: Wanted) -> tuple[str, ...]:
    """Spellings of the policies that fit equally well, or else of those that look alike."""
    if wanted.alternatives:
        return tuple(id.removeprefix("policy:") for id in wanted.alternatives)
    return near_policies(reader, wanted.text, _NEAR)


def trace_answer(reader: Reader, text: str, depth: int) -> dict[str, object]:
    """The fields of `graph.traverse.Trace` and `did_you_mean`, for any spelling of a policy.

    A policy that the graph does not have gives an empty trace, never an error.
    """
    wanted = find_policy(reader, text)
    found = None if wanted.id is None else trace(reader, wanted.id, depth)
    if found is not None:
        return _with(found, ())
    return _with(_nothing(wanted), near(reader, wanted))


def _with(found: Trace, did_you_mean: tuple[str, ...]) -> dict[str, object]:
    answer = {field.name: getattr(found, field.name) for field in fields(found)}
    return {**answer, "did_you_mean": did_you_mean}


def _nothing(wanted: Wanted) -> Trace:
    number = wanted.number
    none = Totals(indicators=0, projects=0, departments=0, counties=0, budget=0.0)
    policy = PolicyView(
        id=wanted.canonical,
        number=number.canonical if number else None,
        title=wanted.title,
        issuer=None,
        kind=None,
        year=number.year if number else None,
        status=UNKNOWN,
    )
    return Trace(policy, none, none, (), (), (), (), (), (), truncated=False)
