"""`manage.py encryption_keys`: the line that production wants, from the secrets of a local installation."""

import base64
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print the encryption keys that are in use, for a file of settings. It asks no database."""

    help = "Print ENCRYPTION_KEYS=… as production wants it. Whoever has the line can open all stored secrets."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to print the other secret too."""
        parser.add_argument(
            "--secret-key",
            action="store_true",
            help="print SECRET_KEY=… too: sessions, links and what is known of keys go on with it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each setting."""
        keys = settings.ENCRYPTION_KEYS.items()
        text = ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys)
        self.stdout.write(f"ENCRYPTION_KEYS={text}")
        if options["secret_key"]:
            self.stdout.write(f"SECRET_KEY={settings.SECRET_KEY}")
