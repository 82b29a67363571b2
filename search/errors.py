"""What can go wrong between a question and its answer."""

from graph.errors import JipuError


class SearchError(JipuError):
    code = "search"


class InvalidQuery(SearchError):
    """An unknown type, a cursor of another search, a limit out of range."""

    code = "invalid_query"


class ModelUnavailable(SearchError):
    """The configured model cannot be loaded."""

    code = "model_unavailable"


class IndexMismatch(SearchError):
    """The index on disk was made with another format, analyzer or model."""

    code = "index_mismatch"
