"""Which policies a bare 《title》 may mean, among those whose titles could be the same one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.elements import Node
from graph.store import Reader, scan_all
from graph.values.policy_title import title_issuer, title_key
from graph.values.short_title import shortens, title_tail

MAX_POLICIES = 100
"""Of more policies than this with one tail, 差旅费|办法, a shortened title tells nothing: only
those of exactly the same title are looked at, however many there are of the others."""
_PROVINCIAL = ("省", "自治区")


@dataclass(slots=True)
class _Family:
    """The policies of one title key: those with a number, and those known by title alone."""

    numbered: list[Node] = field(default_factory=list)
    bare: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Policies that share title tails or title keys; `crowded` are the tails that tell nothing."""

    policies: tuple[Node, ...]
    crowded: frozenset[str]


def read_group(reader: Reader, tails: Mapping[str, int], keys: Iterable[str]) -> Group:
    """All policies of these keys and tails. Of a crowded tail at least all those whose edges could
    change with as many policies as `tails` gives for it."""
    found: dict[str, Node] = {}
    crowded: set[str] = set()
    for tail, changed in tails.items():
        most = MAX_POLICIES + changed
        nodes = reader.scan("Policy", {"title_tail": [tail]}, None, most + 1).nodes
        if len(nodes) > MAX_POLICIES:
            crowded.add(tail)
        if len(nodes) <= most:
            found |= {node.id: node for node in nodes}
    if wanted := sorted(keys):
        found |= {node.id: node for node in scan_all(reader, "Policy", {"title_key": wanted})}
    return Group(tuple(found.values()), frozenset(crowded))


class Namesakes:
    """What titles mean in a group. The answers depend on what it holds, not on its order."""

    def __init__(self, group: Group) -> None:
        self._families: dict[str, _Family] = {}
        self._by_tail: dict[str, list[str]] = {}
        self._wholes: dict[str, list[str]] = {}
        for node in group.policies:
            key = str(node.properties.get("title_key", ""))
            if not key:
                continue
            if key not in self._families:
                self._families[key] = _Family()
                tail = title_tail(key)
                if tail not in group.crowded:
                    self._by_tail.setdefault(tail, []).append(key)
            family = self._families[key]
            (family.numbered if node.properties.get("number") else family.bare).append(node)

    def meant(self, title: str, key: str) -> list[Node]:
        """The policies that a title without a number may mean, by id: the numbered ones of the
        same key, or else the one that stands for all that have it, or those it is short for."""
        if exact := self.numbered(title, key):
            return exact
        longer = [
            whole
            for whole in self._longer(key)
            if self._families[whole].numbered or not self._longer(whole)
        ]
        found: dict[str, Node] = {}
        for whole in longer or [key]:
            nodes = self.numbered(title, whole) or self._bare(title, whole)
            found.update((node.id, node) for node in nodes)
        return [found[id] for id in sorted(found)]

    def _longer(self, key: str) -> list[str]:
        """The keys that this one may be a shortened form of."""
        if key not in self._wholes:
            keys = self._by_tail.get(title_tail(key), [])
            self._wholes[key] = [whole for whole in keys if shortens(key, whole)]
        return self._wholes[key]

    def numbered(self, title: str, key: str) -> list[Node]:
        """The numbered policies of exactly this key.

        City and county pass a notice on under one title: where the title names its issuer, only
        that issuer's policies are meant, or else those whose own title names none.
        """
        family = self._families.get(key)
        return _of_issuer(title, family.numbered) if family else []

    def _bare(self, title: str, key: str) -> list[Node]:
        """The one that stands for the bare titles of a key: ingested, then the longest, then by
        id. Where they name several issuers, one for each issuer that may be meant; none where the
        key has numbered policies, all of other issuers."""
        family = self._families.get(key)
        if family is None or family.numbered:
            return []
        by_issuer: dict[str, list[Node]] = {}
        named = {title_issuer(_title(node)) for node in family.bare}
        for node in _alike_or_unnamed(title, family.bare):
            by_issuer.setdefault(_full_issuer(title_issuer(_title(node)), named), []).append(node)
        if "" in by_issuer and len(by_issuer) == 2:
            unnamed = by_issuer.pop("")
            next(iter(by_issuer.values())).extend(unnamed)
        standing: list[Node] = []
        for nodes in by_issuer.values():
            ingested = [node for node in nodes if node.properties.get("status") == "ingested"]
            standing += ingested or [min(nodes, key=lambda node: (-len(_title(node)), node.id))]
        return standing


def _of_issuer(title: str, policies: list[Node]) -> list[Node]:
    """Those whose title names the very issuer, else one alike, else no issuer; all of them where
    `title` itself names none."""
    issuer = title_issuer(title)
    same = [node for node in policies if issuer and title_issuer(_title(node)) == issuer]
    return same or _alike_or_unnamed(title, policies)


def _alike_or_unnamed(title: str, policies: list[Node]) -> list[Node]:
    issuer = title_issuer(title)
    if not issuer:
        return policies
    alike = [node for node in policies if _alike(title_issuer(_title(node)), issuer)]
    return alike or [node for node in policies if not title_issuer(_title(node))]


def _alike(one: str, other: str) -> bool:
    """省财政厅 may be 云山省财政厅; 县财政局 is said in every county, and may be any."""
    short, whole = sorted((one, other), key=len)
    return short == whole or (whole.endswith(short) and short.startswith(_PROVINCIAL))


def _full_issuer(issuer: str, named: set[str]) -> str:
    """The one longer name among those named that ends so, 云山省财政厅 for 省财政厅."""
    longer = [name for name in named if len(name) > len(issuer) and _alike(name, issuer)]
    return longer[0] if len(longer) == 1 else issuer


def _title(node: Node) -> str:
    return str(node.properties.get("title", ""))


def meanings(reader: Reader, titles: Iterable[str]) -> Mapping[str, list[Node]]:
    """What each bare title may mean among the policies that the store knows, by title."""
    keys = {title: title_key(title) for title in titles}
    tails = {title_tail(key): 0 for key in keys.values()}
    namesakes = Namesakes(read_group(reader, tails, set(keys.values())))
    return {title: namesakes.meant(title, key) for title, key in keys.items()}
