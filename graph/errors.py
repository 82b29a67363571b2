"""One root for every error that 绩谱 raises on purpose."""

from typing import ClassVar


class JipuError(Exception):
    """Says in Chinese what happened, where, and what to do about it.

    `code` is stable and is what programs match on; the text is for people.
    Only `api/` turns a code into an exit status or an HTTP status.
    """

    code: ClassVar[str] = "internal"


class StoreError(JipuError):
    """The store could not do what was asked."""

    code = "store"


class StoreUnavailable(StoreError):
    """No such file, no right to write it, no disk space, no server."""

    code = "store_unavailable"


class StoreVersionError(StoreError):
    """The store was written by a newer 绩谱 than this one."""

    code = "store_version"


class NotFound(JipuError):
    """No node has the id that was asked for."""

    code = "not_found"


class InvalidGraph(StoreError):
    """A batch breaks the schema; nothing of it was written."""

    code = "invalid_graph"
