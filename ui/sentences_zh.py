"""Chinese for the sentences of errors and notes; `{}` stands for a value and keeps its order."""

SENTENCES: dict[str, str] = {}
