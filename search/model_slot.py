"""The encoder of an engine: opened when it is first asked for, given up when it is broken."""

from search.encoder import Encoder, open_encoder
from search.errors import ModelUnavailable
from search.index import Vector
from search.model_options import USUAL, ModelOptions


class ModelSlot:
    """`error` says why there is none, in a sentence; "" while nothing is wrong."""

    def __init__(self, model: str = "", options: ModelOptions = USUAL) -> None:
        self._model = model
        self._options = options
        self._opened: Encoder | None = None
        self.error = ""

    def encoder(self) -> Encoder | None:
        """None where the model cannot be loaded: the text leg answers alone."""
        if self._opened is None and not self.error:
            try:
                self._opened = open_encoder(self._model, self._options)
            except ModelUnavailable as error:
                self.give_up(error)
        return self._opened

    def give_up(self, error: ModelUnavailable) -> None:
        self._opened = None
        self.error = f"语义模型不可用，只按文字检索：{error}"

    def forget(self) -> None:
        """Try to open it again with the next question."""
        self._opened, self.error = None, ""

    def query_vector(self, text: str, model: str) -> tuple[Vector | None, str]:
        """The vector of a question to an index that `model` made, or None and the reason."""
        encoder = self.encoder()
        if encoder is None:
            return None, self.error
        if model != encoder.id:
            return None, "索引是在没有该语义模型时建的，只按文字检索；请执行 jipu reindex"
        try:
            return encoder.encode_queries([text])[0], ""
        except ModelUnavailable as error:
            self.give_up(error)
            return None, self.error
