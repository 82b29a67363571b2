"""One root for every error that 绩谱 raises on purpose."""

import errno
from typing import ClassVar


class JipuError(Exception):
    """Says in Chinese what happened, where, and what to do about it.

    `code` is stable and is what programs match on; the text is for people.
    Only `api/` turns a code into an exit status or an HTTP status.
    """

    code: ClassVar[str] = "internal"


_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过了磁盘配额",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经有同名的文件",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EMFILE: "同时打开的文件太多",
    errno.EIO: "磁盘读写出错",
}


def reason(error: OSError) -> str:
    """In Chinese what the operating system says; its own words for what hardly ever happens."""
    return _REASONS.get(error.errno or 0, error.strerror or str(error))


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
    """A batch breaks the schema, or is more than the store can hold; nothing of it was written."""

    code = "invalid_graph"
