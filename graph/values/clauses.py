"""Targets in a sentence: 全年培训不少于2次；满意度达到95%以上。"""

import re

from graph.values.target import Target, parse_target
from graph.values.text import fold

# Ends of a clause; a comma ends one only where the clause has its number.
_END = re.compile(r"[。；;]|\n\s*\n")
_COMMA = re.compile(r"[，,](?!\d{3}(?!\d))")
_DIGIT = re.compile(r"\d")
_MOST = 100
_COUNTED = frozenset({"number", "percent", "money", "date"})


def clause_targets(text: str) -> tuple[Target, ...]:
    """One target for each clause with a number, in order; `raw` is the clause.

    A clause without a number is the subject of the next one: 全年参展次数，等于2次 is one. Clauses
    that hold no target, 2025年整治道路, are left out.

    >>> [(t.operator, t.numbers, t.unit) for t in clause_targets("培训不少于2次，满意度95%以上。")]
    [('>=', ('2',), '次'), ('>=', ('95',), '%')]
    """
    found: list[Target] = []
    for sentence in _END.split(text):
        clause = ""
        for part in _COMMA.split(sentence):
            clause = fold(f"{clause}，{part}") if clause else fold(part)
            if not _DIGIT.search(part):
                continue
            target = parse_target(clause)
            if target.kind in _COUNTED and (target.unit or target.kind == "date"):
                found.append(target)
            clause = ""
            if len(found) == _MOST:
                return tuple(found)
    return tuple(found)
