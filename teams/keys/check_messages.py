"""What a page says once, on top of the next one."""

from django.contrib import messages
from django.http import HttpRequest

from teams.keys.checks import KeyCheck


def about_check(request: HttpRequest, check: KeyCheck) -> None:
    """Say where a key was taken without proof."""
    if not check.is_sure:
        messages.warning(
            request,
            "This server has no list of models, so the key is not proven yet: run a prompt with it.",
        )
