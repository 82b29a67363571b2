"""The knowledge graph: values, domain model, elements, store contract and its backends."""
