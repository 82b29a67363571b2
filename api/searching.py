"""The search engine and the encoder that the settings ask for."""

from api.settings import Settings
from graph.store import Writer
from search.encoder import Encoder, open_encoder
from search.engine import Engine, open_engine
from search.model_options import ModelOptions


def engine_of(store: Writer, settings: Settings) -> Engine:
    """Opens nothing before it is asked. Raises SearchError for an index that the store has not."""
    return open_engine(
        store,
        settings.index_directory,
        settings.model,
        index=settings.index,
        options=_options(settings),
    )


def encoder_of(settings: Settings) -> Encoder:
    """Raises ModelUnavailable."""
    return open_encoder(settings.model, _options(settings))


def _options(settings: Settings) -> ModelOptions:
    return ModelOptions(
        key=settings.model_key,
        device=settings.model_device,
        batch=settings.model_batch,
        query_prompt=settings.model_query_prompt,
        passage_prompt=settings.model_passage_prompt,
    )
