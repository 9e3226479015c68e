"""A page without what says in which direction its words run: most tests ask for the words alone."""

import re


def without_directions(html: str) -> str:
    """Return the page as it would be if everybody wrote from left to right."""
    return re.sub(r'</?bdi>| dir="auto"', "", html)
