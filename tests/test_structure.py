"""The rooms keep their order, and the checker notices when one does not."""

import pytest

from tools.structure import ROOT, Module, breaches, read_rooms

DOC = '"""A module."""\n'


def test_the_rooms_keep_their_order() -> None:
    modules = read_rooms(ROOT)
    assert len(modules) > 30, "the rooms were not found"
    assert breaches(modules) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # a lower room reaches into a higher one
        ("graph.ids", "from ingest.report import totals", "graph must not import ingest"),
        ("ingest.resolve", "import search.engine", "ingest must not import search"),
        ("search.engine", "from ingest import report", "search must not import ingest"),
        ("search.engine", "from api.settings import Settings", "search must not import api"),
        # training stands beside: it reads search, and no room waits for it
        ("training.train", "from api.settings import Settings", "training must not import api"),
        ("search.encoder", "from training.data import Family", "search must not import training"),
        # inside graph a file imports only what stands above it in the list
        ("graph.model", "from graph.store import Reader", "graph.store, which stands above it"),
        ("graph.values.text", "from graph import ids", "graph.ids, which stands above it"),
        ("graph.unheard_of", "", "has no place in GRAPH_ORDER"),
        # a relative import is an import too
        ("graph.model", "from .store import Reader", "graph.store, which stands above it"),
        # only api knows the environment, HTTP and the command line
        ("search.engine", "import os\nKEY = os.environ['KEY']", "only api reads the environment"),
        ("ingest.files", "from os import getenv\nX = getenv('X')", "only api reads the environ"),
        ("search.engine", "import fastapi", "only api knows fastapi"),
        ("ingest.files", "from click import echo", "only api knows click"),
        # no import inside a function, however deep
        ("ingest.files", "def f():\n    import json", "imports json inside a function"),
        (
            "ingest.files",
            "class A:\n    def f(self):\n        if self:\n            from graph import ids",
            "imports graph inside a function",
        ),
        ("ingest.files", "x = 1\n" * 401, "402 lines, more than 400"),
        ("ingest.files", "def f():\n" + "    x = 1\n" * 60, "61 lines, more than 60"),
    ],
)
def test_a_breach_is_named(name: str, text: str, expected: str) -> None:
    known = [Module("graph.store", DOC), Module("graph.ids", DOC)]
    modules = [m for m in known if m.name != name] + [Module(name, DOC + text)]
    found = breaches(modules)
    assert any(expected in breach and breach.startswith(name) for breach in found), found


def test_a_module_without_a_docstring_is_named() -> None:
    assert breaches([Module("ingest.files", "x = 1\n")]) == ["ingest.files: has no docstring"]


def test_a_circle_is_named_with_its_members() -> None:
    modules = [
        Module("ingest.a", DOC + "import ingest.b"),
        Module("ingest.b", DOC + "from ingest import c"),
        Module("ingest.c", DOC + "from ingest.a import x"),
        # hangs on the circle without being part of it
        Module("ingest.d", DOC + "import ingest.a"),
    ]
    (found,) = breaches(modules)
    assert "ingest.a → ingest.b → ingest.c → ingest.a" in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("api.cli", "import os\nimport click\nfrom graph import ids\nX = os.environ"),
        ("search.engine", "from graph.ids import wording\nimport search.index"),
        # a heavy library waits until it is needed, and the backend is chosen in one function
        ("search.vector", "def load():\n    import faiss"),
        ("graph.opening", "def open_store():\n    from graph.sqlite_store import SqliteStore"),
    ],
)
def test_what_is_allowed_is_no_breach(name: str, text: str) -> None:
    assert breaches([Module(name, DOC + text), Module("graph.ids", DOC)]) == []
