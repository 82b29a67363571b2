"""What a running server holds, wired once from the settings."""

import threading
from collections.abc import Sequence
from pathlib import Path

from api.ingesting import options
from api.jobs import Jobs, OnFile
from api.metrics import Metrics
from api.searching import encoder_of, engine_of
from api.settings import Settings
from graph.opening import open_store
from ingest.pipeline import ingest_paths
from ingest.report import FileReport
from search.encoder import Encoder

_STOP_SECONDS = 15.0
"""What the background thread may take to end: a slow machine indexes a page in some seconds."""


class Services:
    """Store, engine, encoder, jobs and metrics of one server.

    Opening raises StoreUnavailable or StoreVersionError. The index is brought up to date in the
    background once the server runs; the encoder is loaded by the first request that needs it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Whoever asks over HTTP is told at once that a server is away; an upload waits for it.
        self.store = open_store(settings.store, patience=0)
        self.engine = engine_of(self.store, settings)
        self.metrics = Metrics()
        self.jobs = Jobs(self._ingest, settings.max_jobs, self.engine.refresh)
        self._encoder: Encoder | None = None
        self._encoder_lock = threading.Lock()

    @property
    def encoder(self) -> Encoder:
        """Raises ModelUnavailable."""
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = encoder_of(self.settings)
            return self._encoder

    def start(self) -> None:
        self.jobs.start()

    def close(self) -> None:
        self.jobs.stop(_STOP_SECONDS)
        self.store.close()

    def _ingest(self, paths: Sequence[Path], on_file: OnFile) -> list[FileReport]:
        with open_store(self.settings.store) as store:
            return ingest_paths(paths, store, options(self.settings), on_file)
