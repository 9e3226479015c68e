"""Pages are sent compressed: on a slow line people wait for their bytes.

Whoever can make a browser ask for a page again and again with words of their own in it, and sees how long
the answers are, can guess what else is in the page (BREACH, CVE-2013-3587). So a page is compressed only
where the browser says that the person or our own page asked for it (Sec-Fetch-Site), never for another site,
nor for one beside ours; Django masks the CSRF token anew in each page; and each is longer by a random number
of bytes ("Heal the BREACH"). Answers to forms, which can show a secret, streams and files pass as they are.
"""

import gzip
import secrets

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from common.middleware import on_answer

# Below it an answer is a packet or two, compressed or not.
LEAST_BYTES = 2_000
# The sixth level takes twice the time for a tenth less: 1 ms for a page of four columns, 122 KB.
LEVEL = 3
MOST_PADDING_BYTES = 100
# FNAME (RFC 1952, 2.3.1): after the ten bytes of the header comes a name that ends with a zero byte.
NAME_FOLLOWS = 8


@on_answer
def compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer, compressed where that is safe, asked for, and worth it."""
    if isinstance(response, HttpResponse) and is_page(request, response):
        patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
        if is_asked_for(request):
            response.content = packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
    return response


def is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether the answer is a page, or a part of one, that somebody reads, and not a short one."""
    return (
        request.method == "GET"
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.headers.keys() & {"Content-Encoding", "ETag"}
        and len(response.content) >= LEAST_BYTES
    )


def is_asked_for(request: HttpRequest) -> bool:
    """Tell whether a browser takes gzip, and asks for nobody but the person before it."""
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    return takes_gzip and request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}


def packed(content: bytes) -> bytes:
    """Return the content as gzip, with a name of random length that says nothing."""
    whole = gzip.compress(content, LEVEL, mtime=0)
    head = bytearray(whole[:10])
    head[3] |= NAME_FOLLOWS
    return bytes(head) + b"a" * secrets.randbelow(MOST_PADDING_BYTES) + b"\0" + whole[10:]
