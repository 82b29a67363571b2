"""The search engine that the settings ask for."""

from api.settings import Settings
from graph.store import Writer
from search.engine import Engine, open_engine


def engine_of(store: Writer, settings: Settings) -> Engine:
    """Opens nothing before it is asked. Raises SearchError for an index that the store has not."""
    return open_engine(
        store, settings.index_directory, settings.model or None, index=settings.index
    )
