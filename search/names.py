"""Names that a text may hold, found without looking at every one of them."""

from collections.abc import Iterable, Mapping


class Names:
    """What each name means: the ids told with it, in their order."""

    def __init__(self, told: Iterable[tuple[str, str]]) -> None:
        meant: dict[str, list[str]] = {}
        for name, node in told:
            meant.setdefault(name, []).append(node)
        self.meant: Mapping[str, tuple[str, ...]] = {n: tuple(nodes) for n, nodes in meant.items()}
        self._lengths = sorted({len(name) for name in meant}, reverse=True)

    def inside(self, text: str) -> dict[str, tuple[str, ...]]:
        """The names that stand in the text, the longest first, and what each means.

        >>> Names([("教育局", "a"), ("青禾教育局", "a"), ("教育局", "b")]).inside("青禾教育局的")
        {'青禾教育局': ('a',), '教育局': ('a', 'b')}
        """
        parts = (
            text[start : start + length]
            for length in self._lengths
            for start in range(len(text) - length + 1)
        )
        return {part: self.meant[part] for part in parts if part in self.meant}
