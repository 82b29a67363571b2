"""What maintainers run: example documents, generated pages, checks of a machine."""
