"""What goes over HTTP, field by field: the names are the contract's."""
