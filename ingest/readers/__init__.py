"""One module for each format: bytes in, SourceText out."""
