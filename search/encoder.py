"""Text to vector: what every encoder promises, and the one place that chooses one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.calibration import Calibration
from search.intents import Intents
from search.model_options import USUAL, ModelOptions
from search.onnx_encoder import OnnxEncoder
from search.progress import Progress
from search.remote_encoder import RemoteEncoder
from search.sentence_encoder import SentenceEncoder

BUNDLED = Path(__file__).parent / "model"


class Encoder(Protocol):
    """One text has one vector, whatever other texts are encoded with it."""

    @property
    def id(self) -> str:
        """Name, version and head of the checksum: vectors of different ids do not compare."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def calibration(self) -> Calibration | None:
        """What its cosines mean; None where nobody measured it."""

    @property
    def intents(self) -> Intents | None:
        """What a question's vector says of categories; None where the model was not taught it."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (len(texts), dimension)."""

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of texts to be found, shape (len(texts), dimension)."""


def open_encoder(model: str | None = None, options: ModelOptions = USUAL) -> Encoder:
    """The encoder that `model` names.

    None or "" is the bundled model; an address is a server that speaks the embeddings protocol of
    OpenAI; a folder with an .onnx file runs on onnxruntime; anything else is a
    sentence-transformers folder or name. Raises ModelUnavailable. The ONNX weights themselves
    are read with the first text, so damage to them shows then, as ModelUnavailable too.
    """
    if not model:
        return OnnxEncoder(BUNDLED, options)
    if model.lower().startswith(("http://", "https://")):
        return RemoteEncoder(model, options)
    folder = Path(model).expanduser()
    if folder.is_dir():
        if any(folder.glob("*.onnx")):
            return OnnxEncoder(folder, options)
        return SentenceEncoder(str(folder), options)
    return SentenceEncoder(model, options)
