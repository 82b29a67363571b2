"""How long work tells its caller where it stands."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]
"""``progress(done, total, label)``; `label` is Chinese and fit to be shown."""
