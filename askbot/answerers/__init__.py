"""Turn found passages into a draft answer: by extraction, or by a chat model."""
