"""Print the address to open: the site, or the first start where nobody is there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from teams.start.first_start import address


class Command(BaseCommand):
    """Print one address."""

    help = "Print the address to open in a browser."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the address to standard output."""
        self.stdout.write(address())
