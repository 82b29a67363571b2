"""The example documents in examples/ and how they are made."""
