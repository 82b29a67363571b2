"""The encoder of an engine: opened when it is first asked for, given up when it is broken."""

import logging
import threading
import time
from collections.abc import Mapping

from search.calibration import Calibration
from search.encoder import Encoder, open_encoder
from search.errors import ModelUnavailable
from search.index import Index, Vector
from search.model_options import USUAL, ModelOptions

_LOG = logging.getLogger(__name__)
RETRY_SECONDS = 30.0
"""How long a model that could not be opened or asked is left alone."""


class ModelSlot:
    """`failure` says why there is none, in a sentence; "" while nothing is wrong.

    `name` is what `open_encoder` takes. An index keeps the name of its model, so that questions
    can be put to it in its own terms while the index of another model is being made.
    """

    def __init__(self, name: str = "", options: ModelOptions = USUAL) -> None:
        self.name = name
        self._options = options
        self._lock = threading.Lock()
        self._opened: Encoder | None = None
        self._retry = 0.0
        self._former: ModelSlot | None = None
        self.failure = ""

    @property
    def error(self) -> str:
        """The failure, and what it means for an answer."""
        return _unavailable(self.failure) if self.failure else ""

    def encoder(self) -> Encoder | None:
        """None where the model cannot be used: the text leg answers alone."""
        with self._lock:
            if self._opened is None and (not self.failure or time.monotonic() > self._retry):
                try:
                    self._opened, self.failure = open_encoder(self.name, self._options), ""
                except ModelUnavailable as error:
                    self._fail(error)
            return self._opened

    def encoder_of(self, model: str, name: str) -> Encoder | None:
        """The encoder of an index that says it was made with `model`, under `name`.

        None where it cannot be had any more, or where the one that is wanted cannot: whoever
        named a model that does not work is to see that.
        """
        wanted = self.encoder()
        if wanted is None or wanted.id == model:
            self._former = None
            return wanted
        former = self._former_slot(name) if model else None
        encoder = former.encoder() if former else None
        return encoder if encoder is not None and encoder.id == model else None

    def calibration_of(self, index: Index) -> Calibration | None:
        """What cosines of the index mean; None where its model cannot be used or does not say."""
        encoder = self.encoder_of(index.model, index.model_name)
        return None if encoder is None else encoder.calibration

    def likely(self, vector: Vector, index: Index) -> Mapping[str, float]:
        """The level-2 categories of which a question speaks; none where its model does not tell."""
        encoder = self.encoder_of(index.model, index.model_name)
        try:
            intents = None if encoder is None else encoder.intents
        except ModelUnavailable as error:
            # The vectors are as good without.
            _LOG.warning("%s", error)
            return {}
        return {} if intents is None else intents.likely(vector)

    def give_up(self, encoder: Encoder | None, error: ModelUnavailable) -> None:
        """`encoder`, one of those handed out, turned out not to work."""
        for slot in (self, self._former):
            if slot is not None and slot._opened is encoder:
                with slot._lock:
                    slot._fail(error)

    def forget(self) -> None:
        """Try to open it again with the next question."""
        with self._lock:
            self._opened, self._former, self.failure = None, None, ""

    def objection(self, model: str, how: str = "") -> str:
        """What is to be said of an index that was made with `model`; "" where all is well."""
        wanted = self.encoder()
        if wanted is None:
            return self.error
        if wanted.id == model:
            return ""
        if not model:
            return "索引是在没有该语义模型时建的，只按文字检索；请执行 jipu reindex"
        return f"索引还是用原来的语义模型（{model}）建的{how}；请执行 jipu reindex 换成现在的模型"

    def query_vector(self, text: str, index: Index) -> tuple[Vector | None, str]:
        """The vector of a question to an index, or None; and what is to be said about it."""
        encoder = self.encoder_of(index.model, index.model_name)
        if encoder is None:
            return None, self.objection(index.model, "，而它现在打不开，只按文字检索")
        try:
            vector = encoder.encode_queries([text])[0]
        except ModelUnavailable as error:
            self.give_up(encoder, error)
            return None, _unavailable(str(error))
        return vector, self.objection(index.model, "，暂时按它检索")

    def _former_slot(self, name: str) -> "ModelSlot":
        """Prompts and key are those of the model that is wanted, and go to no other."""
        with self._lock:
            if self._former is None or self._former.name != name:
                kept = self._options
                self._former = ModelSlot(name, ModelOptions(device=kept.device, batch=kept.batch))
            return self._former

    def _fail(self, error: ModelUnavailable) -> None:
        self._opened = None
        self._retry = time.monotonic() + RETRY_SECONDS
        self.failure = str(error)


def _unavailable(failure: str) -> str:
    return f"语义模型不可用，只按文字检索：{failure}"
