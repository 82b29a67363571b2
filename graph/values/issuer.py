"""Who issues under a prefix: 冀财建 is 河北省财政厅's, 财建 is 财政部's."""

from graph.values import tables


def issuer_of(prefix: str) -> tuple[str, ...]:
    """Every issuer that the table knows for a prefix; empty where it knows none.

    One candidate is certain, several are not: 青财 may be 青海 or 青岛. Cities and counties use
    first characters that many share, so they are left to the documents themselves.

    >>> issuer_of("冀财建"), issuer_of("唐财建")
    (('河北省财政厅',), ())
    """
    exact = [row for row in tables.rows("issuers") if row[1] == "exact" and row[0] == prefix]
    if not exact:
        starts = [r for r in tables.rows("issuers") if r[1] == "start" and prefix.startswith(r[0])]
        longest = max((len(row[0]) for row in starts), default=0)
        exact = [row for row in starts if len(row[0]) == longest]
    return tuple(dict.fromkeys(row[2] for row in exact))
