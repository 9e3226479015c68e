"""Seal all stored secrets with the first of ENCRYPTION_KEYS; may be repeated, and interrupted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teams.keys.rotation import rotate


class Command(BaseCommand):
    """Re-seal what an older encryption key sealed."""

    help = "Seal all stored secrets with the first of ENCRYPTION_KEYS. Then the others can be taken out."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were sealed anew, were so already, or do not open; exit 1 for the last."""
        count = rotate()
        self.stdout.write(f"{count.resealed} sealed anew, {count.current} were already.")
        if count.lost:
            raise CommandError(
                f"{count.lost} do not open with any of ENCRYPTION_KEYS: add the key they were sealed with, "
                "or replace their secrets on the page of each key."
            )
