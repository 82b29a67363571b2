"""The order of the rooms, read from the imports: what may import what, and who may do what.

python -m tools.structure      one line for each breach; exit status 1 where there is one
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ROOMS = {
    "graph": frozenset({"graph"}),
    "ingest": frozenset({"graph", "ingest"}),
    "search": frozenset({"graph", "search"}),
    "api": frozenset({"graph", "ingest", "search", "api"}),
    "training": frozenset({"graph", "search", "training"}),
}
"""A room, and the rooms that it may import."""

GRAPH_ORDER = (
    *("graph.errors", "graph.values", "graph.evidence", "graph.ids", "graph.model"),
    *("graph.elements", "graph.schema", "graph.properties", "graph.mapping", "graph.store"),
    *("graph.namesakes", "graph.derive"),
    *(
        "graph.merge",
        "graph.places",
        "graph.articles",
        "graph.citations",
        "graph.trace",
        "graph.traverse",
    ),
    *("graph.rows", "graph.sqlite", "graph.neo4j", "graph.opening"),
)
"""Files of `graph` from the bottom up; a name stands for its package or for files that begin so."""

HEAVY = frozenset(
    {
        "PIL",
        "faiss",
        "numpy",
        "onnxruntime",
        "pypdfium2",
        "rapidocr",
        "sentence_transformers",
        "transformers",
        "tantivy",
        "tokenizers",
        "uvicorn",
    }
)
"""Libraries that may be imported inside a function: light commands must not wait for them."""

LAZY_MODULES = frozenset({"graph.opening", "search.opening"})
"""Modules whose functions may import: those that choose the store and the index."""

HTTP = frozenset({"click", "fastapi", "starlette", "uvicorn"})
MAX_FILE = 400
MAX_FUNCTION = 60
LONG_FILES: frozenset[str] = frozenset()
LONG_FUNCTIONS: frozenset[str] = frozenset()

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One file of a room; `name` is dotted, a package stands for its __init__.py."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Import:
    """`target` is as deep as the statement says; `lazy` where it stands inside a function."""

    target: str
    line: int
    lazy: bool

    @property
    def root(self) -> str:
        return self.target.partition(".")[0]


def read_rooms(root: Path) -> list[Module]:
    """Every Python file of the rooms under `root`, by name."""
    modules = []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules.append(Module(name, path.read_text(encoding="utf-8")))
    return modules


def breaches(modules: list[Module]) -> list[str]:
    """Every breach of the rules, as sentences that begin with the module's name."""
    names = frozenset(module.name for module in modules)
    found = [breach for module in modules for breach in _module_breaches(module, names)]
    return found + list(_cycles({m.name: _dependencies(m, names) for m in modules}))


def _module_breaches(module: Module, names: frozenset[str]) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield f"{module.name}: has no docstring"
    yield from _import_breaches(module)
    if module.room == "graph":
        yield from _order_breaches(module, names)
    if module.room != "api":
        yield from _environment_breaches(module)
    yield from _size_breaches(module)


def imports(module: Module, names: frozenset[str] = frozenset()) -> Iterator[Import]:
    """Each import, at any depth; `from a import b` means a.b where that is a module in `names`."""
    lazy_nodes = {
        id(inner)
        for outer in ast.walk(module.tree)
        if isinstance(outer, _FUNCTIONS)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(module.tree):
        lazy = id(node) in lazy_nodes
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node, names)
            for alias in node.names:
                deep = f"{base}.{alias.name}"
                yield Import(deep if deep in names else base, node.lineno, lazy)


def _absolute(module: Module, node: ast.ImportFrom, names: frozenset[str]) -> str:
    if not node.level:
        return node.module or ""
    is_package = any(name.startswith(module.name + ".") for name in names)
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _dependencies(module: Module, names: frozenset[str]) -> set[str]:
    return {found.target for found in imports(module, names)} & names - {module.name}


def _import_breaches(module: Module) -> Iterator[str]:
    for found in imports(module):
        place = f"{module.name}:{found.line}"
        if found.root in ROOMS and found.root not in ROOMS[module.room]:
            yield f"{place}: {module.room} must not import {found.root}"
        if found.root in HTTP and module.room != "api":
            yield f"{place}: only api knows {found.root}"
        if found.lazy and found.root not in HEAVY and module.name not in LAZY_MODULES:
            yield f"{place}: imports {found.target} inside a function"


def _rank(name: str) -> int | None:
    for rank, entry in enumerate(GRAPH_ORDER):
        if name == entry or name.startswith((f"{entry}.", f"{entry}_")):
            return rank
    return None


def _order_breaches(module: Module, names: frozenset[str]) -> Iterator[str]:
    rank = _rank(module.name)
    if rank is None:
        if module.name != "graph":
            yield f"{module.name}: has no place in GRAPH_ORDER"
        return
    for target in sorted(_dependencies(module, names)):
        below = _rank(target)
        if below is not None and below > rank:
            yield f"{module.name}: imports {target}, which stands above it"


def _environment_breaches(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if name in ("environ", "environb", "getenv"):
            yield f"{module.name}:{getattr(node, 'lineno', 0)}: only api reads the environment"


def _size_breaches(module: Module) -> Iterator[str]:
    lines = module.text.count("\n")
    if lines > MAX_FILE and module.name not in LONG_FILES:
        yield f"{module.name}: {lines} lines, more than {MAX_FILE}"
    for node in ast.walk(module.tree):
        if isinstance(node, _FUNCTIONS):
            name = f"{module.name}.{node.name}"
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION and name not in LONG_FUNCTIONS:
                yield f"{name}: {length} lines, more than {MAX_FUNCTION}"


def _cycles(graph: dict[str, set[str]]) -> Iterator[str]:
    """Take away modules that import nothing that is left; what remains runs in a circle."""
    left = dict(graph)
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    if not left:
        return
    walk = [min(left)]
    while (following := min(left[walk[-1]] & left.keys())) not in walk:
        walk.append(following)
    circle = [*walk[walk.index(following) :], following]
    yield f"{circle[0]}: imports run in a circle: {' → '.join(circle)}"


def main() -> int:
    found = breaches(read_rooms(ROOT))
    sys.stdout.writelines(f"{breach}\n" for breach in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
