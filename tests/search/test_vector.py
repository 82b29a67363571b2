"""Vectors of nine bits in cells: near to the exact answer, exact where few rows are allowed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search import quantiser, vector
from search.allowed import Allowed
from search.cells import Cells
from search.errors import IndexMismatch
from search.vector import VectorIndex, VectorWriter, files

ROWS, SIZE = 6000, 64
Matrix = NDArray[np.float32]


def unit(matrix: NDArray[np.float64]) -> Matrix:
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), dtype=np.float32)


def made(rows: int, seed: int) -> Matrix:
    """Groups of like vectors, all with the same large number in one dimension, as models have."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(60, SIZE))
    matrix = centres[chance.integers(0, 60, rows)] + 0.7 * chance.normal(size=(rows, SIZE))
    matrix[:, 3] += 8
    return unit(matrix)


def written(folder: Path, *segments: Matrix) -> VectorIndex:
    for number, part in enumerate(segments):
        writer = VectorWriter(folder, number)
        for start in range(0, len(part), 1000):
            writer.append(part[start : start + 1000])
        writer.finish()
    return VectorIndex(folder, SIZE, sum(map(len, segments)))


@pytest.fixture(scope="module", autouse=True)
def few() -> Iterator[None]:
    """Cells from a size on that a test can make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vector, "CELL_ROWS", 5000)
        patch.setattr(vector, "FEW_ROWS", 200)
        patch.setattr(vector, "READ_CELLS", 39)
        yield


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return made(ROWS, 7)


@pytest.fixture(scope="module")
def index(few: None, matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    return written(tmp_path_factory.mktemp("vectors"), matrix)


def share(index: VectorIndex, matrix: Matrix, queries: Matrix, allowed: NDArray[np.bool_]) -> float:
    """Of the ten nearest by numpy, how many are found."""
    found = 0
    for query in queries:
        truth = np.where(allowed, matrix @ query, -2)
        exact = set(np.argsort(-truth)[:10].tolist())
        found += len(exact & set(index.search(query, Allowed(allowed), 10)[0].tolist()))
    return found / (10 * len(queries))


def test_most_of_the_nearest_are_found(index: VectorIndex, matrix: Matrix) -> None:
    assert share(index, matrix, made(100, 8), np.ones(ROWS, np.bool_)) >= 0.98


@pytest.mark.parametrize("allowed_share", [0.02, 0.2, 0.6])
def test_a_filter_costs_no_recall(index: VectorIndex, matrix: Matrix, allowed_share: float) -> None:
    allowed = np.random.default_rng(9).random(ROWS) < allowed_share
    assert share(index, matrix, made(50, 8), allowed) >= 0.98


@pytest.mark.parametrize(("allowed_share", "times"), [(1, 1), (0.25, 2)])
def test_more_cells_are_read_where_fewer_rows_are_allowed(
    index: VectorIndex,
    matrix: Matrix,
    monkeypatch: pytest.MonkeyPatch,
    allowed_share: float,
    times: int,
) -> None:
    monkeypatch.setattr(vector, "READ_CELLS", 32)
    read: list[int] = []
    span = Cells.span

    def counted(cells: Cells, cell: int) -> tuple[int, int]:
        read.append(cell)
        return span(cells, cell)

    monkeypatch.setattr(Cells, "span", counted)
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[: int(ROWS * allowed_share)] = True
    index.search(matrix[0], Allowed(allowed), 10)
    assert len(read) == len(set(read)) == 32 * times


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(0, ROWS - 1), max_size=150), st.integers(0, 50), st.integers(1, 200))
def test_few_allowed_rows_are_all_compared(
    index: VectorIndex, matrix: Matrix, chosen: set[int], seed: int, limit: int
) -> None:
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[list(chosen)] = True
    query = made(1, seed)[0]
    rows, cosines = index.search(query, Allowed(allowed), limit)
    assert len(rows) == min(len(chosen), limit)
    assert set(rows.tolist()) <= chosen
    exact = np.sort(matrix[sorted(chosen)] @ query)[::-1][:limit]
    assert cosines.tolist() == pytest.approx(exact.tolist(), abs=2e-3)


def test_a_filter_far_from_the_question_gets_all_it_asks_for(
    index: VectorIndex, matrix: Matrix
) -> None:
    query = matrix[0]
    # None of these stands in the cells near to the question.
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[np.argsort(matrix @ query)[:1000]] = True
    rows, _ = index.search(query, Allowed(allowed), 800)
    assert len(rows) == 800


def test_a_row_has_one_score_whichever_way_it_is_found(index: VectorIndex, matrix: Matrix) -> None:
    query = made(1, 3)[0]
    rows, cosines = index.search(query, Allowed(np.ones(ROWS, np.bool_)), 50)
    assert index.scores(query, rows).tolist() == pytest.approx(cosines.tolist(), abs=1e-6)
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[rows[:20]] = True
    again = dict(zip(*index.search(query, Allowed(allowed), 50), strict=True))
    assert [again[row] for row in rows[:20]] == pytest.approx(cosines[:20].tolist(), abs=1e-6)
    assert (index.vectors(rows) @ query).tolist() == pytest.approx(cosines.tolist(), abs=1e-5)


def test_rows_of_later_segments_are_found(tmp_path: Path, matrix: Matrix) -> None:
    later, latest = made(300, 11), made(5200, 12)
    index = written(tmp_path, matrix, later, latest)
    everything = np.ones(len(index), dtype=np.bool_)
    for row, query in ((17, matrix[17]), (ROWS + 5, later[5]), (ROWS + 300 + 9, latest[9])):
        rows, cosines = index.search(query, Allowed(everything), 5)
        assert rows[0] == row
        assert cosines[0] == pytest.approx(1, abs=2e-3)
    every = np.concatenate([matrix, later, latest])
    # Cells were learned twice over fewer rows each: a little less than of one segment.
    assert share(index, every, made(60, 13), everything) >= 0.95


def test_one_writer_begins_a_segment_for_each_type(tmp_path: Path, matrix: Matrix) -> None:
    parts = matrix[:5200], matrix[5200:5400], matrix[5400:6000]
    writer = VectorWriter(tmp_path, 0)
    for part in parts:
        writer.next()
        writer.append(part)
    writer.finish()
    index = VectorIndex(tmp_path, SIZE, 6000)
    assert [len(part) for part in index.parts] == [5200, 200, 600]
    assert [part.cells is not None for part in index.parts] == [True, False, False]
    allowed = np.zeros(6000, dtype=np.bool_)
    allowed[5200:] = True
    query = made(1, 3)[0]
    rows, cosines = index.search(query, Allowed(allowed), 50)
    exact = np.sort(matrix[5200:6000] @ query)[::-1][:50]
    assert rows.min() >= 5200
    assert cosines.tolist() == pytest.approx(exact.tolist(), abs=2e-3)


def test_the_same_vectors_give_the_same_files(tmp_path: Path, matrix: Matrix) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, matrix)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert len(one) == 6
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_a_vector_takes_less_than_300_bytes_of_256_numbers(tmp_path: Path) -> None:
    writer = VectorWriter(tmp_path, 0)
    chance = np.random.default_rng(2)
    writer.append(unit(chance.normal(size=(6000, 256))))
    writer.finish()
    centres = (tmp_path / "vectors-00000.centres").stat().st_size
    kept = sum(path.stat().st_size for path in files(tmp_path)) - centres
    # The centres of a million rows are 2 bytes a row; here they are many more.
    assert kept / 6000 <= 297


@pytest.mark.parametrize("name", [".codes", ".ninth", ".order", ".places", ".centres", ".ends"])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.9999])
def test_a_truncated_file_is_named(
    index: VectorIndex, tmp_path: Path, matrix: Matrix, name: str, kept: float
) -> None:
    written(tmp_path, matrix)
    path = tmp_path / f"vectors-00000{name}"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(IndexMismatch):
        VectorIndex(tmp_path, SIZE, ROWS)


def test_cells_that_reach_beyond_the_codes_are_refused(tmp_path: Path, matrix: Matrix) -> None:
    written(tmp_path, matrix)
    path = tmp_path / "vectors-00000.ends"
    ends = np.fromfile(path, "<i8")
    ends[3] += 1 << 40
    ends.tofile(path)
    with pytest.raises(IndexMismatch):
        VectorIndex(tmp_path, SIZE, ROWS)


def test_files_are_mapped_and_never_written(tmp_path: Path, matrix: Matrix) -> None:
    (tmp_path / "one").mkdir()
    written(tmp_path / "one", matrix)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for path in files(tmp_path / "two"):
        path.chmod(0o444)
    index = VectorIndex(tmp_path / "two", SIZE, ROWS)
    codes = index.parts[0].codes
    assert not codes.flags.writeable and not codes.flags.owndata
    assert len(index.search(matrix[0], Allowed(np.ones(ROWS, np.bool_)), 10)[0]) == 10


@pytest.mark.parametrize("size", [8, 13, 256, 768])
def test_what_is_encoded_is_nearly_what_was_given(size: int) -> None:
    vectors = unit(np.random.default_rng(4).normal(size=(50, size)))
    # One that is nothing but a single number: no scale of its own could hold it with the others.
    vectors[0] = np.eye(1, size)
    vectors[1] = 0
    codes, ninth = quantiser.encode(vectors)
    assert codes.shape == (50, size) and ninth.shape == (50, -(-size // 8))
    again = quantiser.decode(codes, ninth)
    assert np.abs(again - vectors).max() < 0.02
    assert (again[1] == 0).all()
    likeness = (again[2:] * vectors[2:]).sum(axis=1)
    assert likeness.min() > 0.99


def test_rounding_leaves_nothing_along_a_vector() -> None:
    vectors = unit(np.random.default_rng(5).normal(size=(200, 256)))
    again = quantiser.decode(*quantiser.encode(vectors))
    along = np.abs((again * vectors).sum(axis=1) - 1)
    # One number a step further moves it by 0.0001; plain rounding strays by 0.0002.
    assert along.mean() < 6e-5


def test_a_vector_has_the_same_numbers_in_any_batch() -> None:
    vectors = unit(np.random.default_rng(6).normal(size=(3000, 512)))
    together = quantiser.encode(vectors)
    for rows in (1, 7, 256):
        parts = [quantiser.encode(vectors[at : at + rows]) for at in range(0, 3000, rows)]
        for number in (0, 1):
            assert (np.concatenate([part[number] for part in parts]) == together[number]).all()
