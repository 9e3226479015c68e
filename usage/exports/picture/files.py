"""A picture as a file: which kinds there are, and the answer with one."""

from django.http import HttpResponse

from usage.exports.files import attached
from usage.exports.picture.picture import Told, picture
from usage.exports.picture.png import png

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def drawn(told: Told, kind: str, name: str) -> HttpResponse:
    """The answer with a picture of this kind, to be saved under a name. Raises `NotDrawn`."""
    text = picture(told)
    content = png(text) if kind == "png" else text.encode()
    return HttpResponse(content, content_type=PICTURES[kind], headers=attached(name))
