"""Mails on the console, as they are read: Django encodes them for the wire, which breaks long links."""

import orjson
from django.core.mail import EmailMessage
from django.core.mail.backends import console

from raxdash.logs.json_streams import JsonLines


class EmailBackend(console.EmailBackend):
    """Prints mails instead of sending them: as one JSON object each where all output is JSON."""

    def write_message(self, message: EmailMessage) -> None:
        """Write who is told what; each line of the text stays one line."""
        if isinstance(self.stream, JsonLines):
            # As a line of the log it would lose its link, which holds a token.
            self.stream.write_as_it_is(in_json(message))
            return
        print(f"To: {', '.join(message.recipients())}", file=self.stream)
        print(f"From: {message.from_email}", file=self.stream)
        print(f"Subject: {message.subject}", file=self.stream)
        print(f"\n{message.body}\n{'-' * 79}", file=self.stream)


def in_json(message: EmailMessage) -> str:
    """Return a mail as a JSON object."""
    told = {"to": message.recipients(), "from": message.from_email, "subject": message.subject}
    return orjson.dumps({"logger": "mail", **told, "message": message.body}, default=str).decode()
