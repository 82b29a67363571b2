"""How a model is run, whatever kind it is."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What does not concern a kind of model is passed over by it.

    A prompt stands before every text; "" leaves it to the model's own configuration, and so does
    `device`. `batch` texts go through a model together.
    """

    key: str = field(default="", repr=False)
    device: str = ""
    batch: int = 32
    query_prompt: str = ""
    passage_prompt: str = ""

    @property
    def mark(self) -> str:
        """Ends the id of a model whose passages are given another prompt than its own: their
        vectors are others."""
        if not self.passage_prompt:
            return ""
        return f"+{hashlib.sha256(self.passage_prompt.encode()).hexdigest()[:8]}"


USUAL = ModelOptions()
