"""Which stored document a changed file takes the place of."""

from graph.elements import GraphBatch
from graph.store import Reader, scan_all


def predecessors(reader: Reader, batch: GraphBatch) -> tuple[str, ...]:
    """Documents that the batch's document is a new version of.

    The same file name, published by the same department (or being the same policy) for the same
    fiscal year and of the same kind. A file that was overwritten with another county's document
    therefore replaces nothing: what was stored is not lost.
    """
    own = next(node for node in batch.nodes if node.id == batch.document)
    stands_for = {
        edge.target
        for edge in batch.edges
        if edge.source == batch.document and edge.type in ("PUBLISHED_BY", "IS")
    }
    same_name = [
        node
        for node in scan_all(reader, "Document", {"filename": [str(own.properties["filename"])]})
        if node.id != batch.document
        and all(
            node.properties.get(name) == own.properties.get(name)
            for name in ("kind", "fiscal_year")
        )
    ]
    if not stands_for or not same_name:
        return ()
    edges = reader.edges([node.id for node in same_name], ("PUBLISHED_BY", "IS"))
    return tuple(sorted({edge.source for edge in edges if edge.target in stands_for}))
