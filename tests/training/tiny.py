"""A model of random weights over the bundled tokenizer: small enough to be built for a test."""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel

from search.encoder import BUNDLED
from training.base import assemble, tokenizer


def tiny_model(folder: Path, layers: int = 2, hidden: int = 64) -> SentenceTransformer:
    """Two layers of 64 numbers with one head each; weights large enough to tell texts apart."""
    torch.manual_seed(7)
    words = tokenizer(BUNDLED / "tokenizer.json", 64)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=4 * hidden,
        max_position_embeddings=64,
        initializer_range=0.2,
    )
    return assemble(folder, BertModel(config), words)
