"""Fine-tuning of the bundled encoder: data of ours, sentence-transformers' trainer, ONNX out."""
