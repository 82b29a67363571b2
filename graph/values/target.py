"""指标值: operator, numbers, unit and kind of a target value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """operator: >= <= = > < range none. kind: number percent money date qualitative empty.

    `numbers` keep the printed digits ("28.40"; dates "12-31"), a range has its low end first.
    """

    raw: str
    operator: str
    numbers: tuple[str, ...]
    unit: str
    kind: str


def parse_target(raw: str) -> Target:
    """Read one target value. Never raises: what holds no number is qualitative or empty."""
    raise NotImplementedError
