"""From files to domain objects: readers, tables, citations, extraction, resolution."""
