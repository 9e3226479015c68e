"""Markdown to safe HTML, whole or while it grows.

It asks nobody."""
