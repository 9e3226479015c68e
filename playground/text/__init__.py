"""Markdown to safe HTML, whole or while it grows; what differs between two texts.

It asks nobody."""
