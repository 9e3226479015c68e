"""Whom a question is about: meters, what people wrote down of their keys, and models, by series and day."""
