"""Routes by subject. Each turns a request into one call and one answer, and no more."""
