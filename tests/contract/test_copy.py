"""A copy of a store, however it came about, answers as the first does."""

import pytest

from api.copying import copy_store
from api.export import Part, export_lines
from graph.errors import StoreError
from graph.opening import open_store
from graph.store import Embedding, Writer
from tests.contract.conftest import NewStore
from tests.contract.graphs import SCHOOL, WORDING, A, B, county

VECTOR = Embedding("h", b"\x00\x00\x80\x3f")


def test_copy_there_and_back(store: Writer, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("copies")
    with (
        open_store(f"sqlite:///{folder / 'first.db'}") as first,
        open_store(f"sqlite:///{folder / 'last.db'}") as last,
    ):
        first.apply(county(A))
        first.apply(county(B, SCHOOL))
        first.set_embeddings("m", {WORDING: VECTOR})
        # a copy that broke off after the first document
        store.apply(county(A))
        copied = copy_store(first, store)
        assert (copied.documents, copied.vectors) == (2, 1)
        assert copy_store(store, last).checksum == copied.checksum
        assert last.embeddings("m", [WORDING]) == {WORDING: VECTOR}
        for one in (first, store, last):
            one.delete_document(A)
        lines = list(export_lines(first, Part()))
        assert list(export_lines(store, Part())) == lines
        assert list(export_lines(last, Part())) == lines


def test_nothing_is_mixed(new_store: NewStore) -> None:
    source, target = new_store()(), new_store()()
    source.apply(county(A))
    target.apply(county(B))
    with pytest.raises(StoreError, match="请换一个空的图谱"):
        copy_store(source, target)
