"""The views of one answer: rendered, plain, as JSON against a schema, and the raw lines as they came.

It asks models and texts, and no page."""
