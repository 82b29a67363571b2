"""Opaque places in a result list, tied to the question and to the state of the index."""

import base64
import hashlib
import json
from dataclasses import asdict, replace

from search.errors import InvalidQuery
from search.query import SearchQuery


def encode(query: SearchQuery, version: str, offset: int) -> str:
    text = json.dumps([_fingerprint(query), _short(version), offset])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(query: SearchQuery, version: str) -> int:
    """The offset that the query's cursor names; 0 without one. Raises InvalidQuery for a cursor
    that is no cursor, of another search, or of an index that has changed since."""
    if query.cursor is None:
        return 0
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        asked, seen, offset = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, TypeError) as error:
        raise InvalidQuery("翻页标记无法识别；请去掉 cursor，从第一页开始") from error
    if not isinstance(offset, int) or offset < 0:
        raise InvalidQuery("翻页标记无法识别；请去掉 cursor，从第一页开始")
    if asked != _fingerprint(query):
        raise InvalidQuery("翻页标记属于另一次检索；请保持检索词和条件不变，或从第一页开始")
    if seen != _short(version):
        raise InvalidQuery("翻页期间图谱有了变化；请从第一页重新检索")
    return offset


def _fingerprint(query: SearchQuery) -> str:
    # The page size may change between pages: the offset still says where to go on.
    plain = asdict(replace(query, cursor=None, limit=0))
    return _short(json.dumps(plain, ensure_ascii=False, sort_keys=True))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
