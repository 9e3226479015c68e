"""Pages that are typed into, each knowing of drafts what a browser's would."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

from django.test import Client

PLAYGROUND = "/t/acme/playground/"
TYPED = {"model": "rax-4.0", "stream": "on", "conversation": ""}


class Tab:
    """A window on the playground: it saves what is typed, and remembers what it was answered."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.client = client
        self.markup = client.get(f"{PLAYGROUND}{query}").text
        self.own = {name: self.value(name) for name in ("draft", "draft_id", "draft_seen", "waits_since")}
        self.own["idempotency_key"] = str(uuid4())

    def value(self, name: str) -> str:
        """Return what a field of the page begins with."""
        found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', self.markup)
        return unescape(found[1]) if found else ""

    def type(self, message: str, **fields: str) -> dict[str, Any]:
        """Type a message, and return what the page is told as it is saved."""
        form = {**TYPED, "message": message, **self.own, **fields}
        told: dict[str, Any] = self.client.post(f"{PLAYGROUND}draft/", form).json()
        if told["saved"]:
            self.own |= {name: told[name] for name in ("draft_id", "draft_seen")}
        return told
