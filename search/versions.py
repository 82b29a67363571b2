"""Index versions on disk: built aside, swapped by one rename, removed when nobody reads them.

    <root>/CURRENT      the name of the version that is searched
    <root>/LOCK         held by whoever builds
    <root>/v000042-…/   one version, never changed once CURRENT names it

A process that is killed while it builds leaves its folder behind; the next build removes it.
Locks are the kernel's (flock), so they end with their process.
"""

import fcntl
import os
import shutil
import time
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import reason
from search.errors import SearchError

_CURRENT = "CURRENT"
_LOCK = "LOCK"
_IN_USE = "IN_USE"
_PREFIX = "v"
_POLL_SECONDS = 0.05
LOCK_SECONDS = 600.0
"""How long a build waits for another process's build before it gives up."""


class Lease:
    """Holds a version open: while a lease lives, nobody removes the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        descriptor = os.open(folder / _IN_USE, os.O_RDONLY)
        # The last search that uses a swapped version ends its lease by dropping it.
        self._close = weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        self._close()


def published(root: Path) -> Path | None:
    """The version that CURRENT names; it may be gone."""
    try:
        name = (root / _CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return root / name if name.startswith(_PREFIX) and "/" not in name else None


def current(root: Path) -> Lease | None:
    """A lease on the version that CURRENT names; None where there is none, or it is gone."""
    for _ in range(3):
        folder = published(root)
        if folder is None:
            return None
        try:
            return Lease(folder)
        except OSError:
            # Swapped between the two reads: look again.
            continue
    return None


def new_folder(root: Path, revision: int) -> Path:
    """An empty folder for a version that is not yet searched."""
    folder = root / f"{_PREFIX}{revision:06d}-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    (folder / _IN_USE).touch()
    return folder


def publish(root: Path, folder: Path) -> None:
    """Make a finished folder the one that is searched, in one rename."""
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)
    pointer = root / f"{_CURRENT}.{uuid.uuid4().hex[:8]}"
    pointer.write_text(folder.name + "\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(root / _CURRENT)


def remove_unused(root: Path) -> None:
    """Remove what nobody reads, but for the current version. Call it with the build lock held."""
    for pointer in root.glob(f"{_CURRENT}.*"):
        pointer.unlink(missing_ok=True)
    # Leased, the current version is in use like any other.
    lease = current(root)
    for folder in root.glob(f"{_PREFIX}*-*"):
        if _unused(folder):
            shutil.rmtree(folder, ignore_errors=True)
    if lease is not None:
        lease.release()


@contextmanager
def building(root: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the build lock. Raises SearchError where the folder cannot be written or another
    process builds for longer than `seconds`."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise SearchError(
            f"检索索引目录 {root} 无法写入（{reason(error)}）；请检查权限，或用 --data 换一个目录"
        ) from error
    try:
        _acquire(descriptor, root, seconds)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, root: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise SearchError(
                    f"另一个进程正在重建 {root} 中的索引，等了 {seconds:.0f} 秒；请稍后再试"
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _unused(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _IN_USE, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
