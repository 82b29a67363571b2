"""Search by meaning and by word over the graph: documents, index, ranking, engine."""
