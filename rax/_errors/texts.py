"""What an error says in bytes and words: JSON, a page, XML, an event, or plain text, in whatever charset."""

import codecs
import re
from html import unescape
from typing import Final

from rax._errors.details import Detail, read_words
from rax._values import read_code

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Codecs of texts, and of those not the ones whose bytes are mostly said to be so by mistake.
_TEXTS: Final = re.compile(r"utf-16|utf-32|iso|cp\d|koi8|shift_jis|euc|gb|big5|hz|mac|tis")
_LATIN: Final = frozenset({"iso8859-1", "iso8859-15", "cp1252"})
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|head|title|body|h1)\b", re.IGNORECASE)
_PAGE_WITHIN: Final = 2_000
_HIDDEN: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_BLANK: Final = "\ufeff \t\r\n\0"
_SAID_CHARS: Final = 20_000


def decoded(body: bytes, content_type: str = "") -> str:
    """Return a body as text: by its byte order mark, by the charset that is declared, else as UTF-8."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.removeprefix(bom).decode(encoding, "replace")
    encoding = _charset(body, content_type)
    if encoding in _LATIN:
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    return body.decode(encoding, "replace")


def is_page(text: str) -> bool:
    """Tell whether a text is a web page, which no API answers with."""
    start = text.lstrip(_BLANK)
    return start.startswith("<") and bool(_PAGE.search(start[:_PAGE_WITHIN]))


def read_said(text: str) -> Detail:
    """Return what the text of an error says: JSON's error, a page's title, or the words as they are."""
    text = _data_of_event(text.strip(_BLANK))
    if not text.startswith("<"):
        return read_words(text)
    text = text[:_SAID_CHARS]
    if is_page(text):
        return Detail(_title(text))
    return Detail(_element(text, "message") or _words(text), code=read_code(_element(text, "code")))


def _data_of_event(text: str) -> str:
    """Return the data of an event, which some servers write as the body of an error too."""
    if not text.startswith(("data:", "event:", "error:", ":", "[DONE]")):
        return text
    fields = [line.partition(":") for line in text.splitlines()]
    data = [value.strip() for name, _, value in fields if name in ("data", "error")]
    said = "\n".join(value for value in data if value != "[DONE]")
    is_nothing = all(name in ("data", "") or name.startswith("[DONE]") for name, _, _ in fields)
    return said if said or is_nothing else text


def _charset(body: bytes, content_type: str) -> str:
    """Return the codec of the charset that a header, or the beginning of a page, declares; else UTF-8."""
    beginning = body[:1_024].decode("latin-1") if body.lstrip().startswith(b"<") else ""
    declared = _CHARSET.search(content_type) or _CHARSET.search(beginning)
    try:
        name = codecs.lookup(declared[1]).name if declared else ""
    except LookupError:
        name = ""
    return name if _TEXTS.match(name) else "utf-8"


def _title(page: str) -> str:
    """Return the title of a page, else its first heading, else its words; “Error” alone says nothing."""
    page = _HIDDEN.sub(" ", page)
    title = _element(page, "title")
    if title and title.lower() != "error":
        return title
    more = _element(page, "h1") or _element(page, "pre") or _words(page)
    more = more if more.lower() != "error" else _element(page, "pre") or _words(page)
    return more or title


def _element(text: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^<>]*>(.*?)(?:</{name}\s*>|\Z)", text, re.IGNORECASE | re.DOTALL)
    return _words(found[1]) if found else ""


def _words(markup: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", markup)).split())
