"""Mails on the console, as they are read: Django encodes them for the wire, which breaks long links."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Prints mails instead of sending them."""

    def write_message(self, message: EmailMessage) -> None:
        """Write who is told what; each line of the text stays one line."""
        print(f"To: {', '.join(message.recipients())}", file=self.stream)
        print(f"From: {message.from_email}", file=self.stream)
        print(f"Subject: {message.subject}", file=self.stream)
        print(f"\n{message.body}\n{'-' * 79}", file=self.stream)
