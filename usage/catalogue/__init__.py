"""Which models the providers offer, since when, and what changed.

Polls give it the answers of `/models`; it asks nobody."""
