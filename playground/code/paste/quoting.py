"""The inside of quotes as a POSIX shell and bash read it. Nothing is expanded."""

import re

# What bash takes within $'…' for one character.
ESCAPES = dict(zip("ntrabfveE\\'\"?", "\n\t\r\a\b\f\v\x1b\x1b\\'\"?", strict=True))
ESCAPED = re.compile(
    r"(?P<bytes>(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})+)"
    r"|\\u(?P<short>[0-9a-fA-F]{1,4})|\\U(?P<long>[0-9a-fA-F]{1,8})|\\c(?P<control>.)|\\(?P<one>.)",
    re.DOTALL,
)
ONE_BYTE = re.compile(r"\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})")
# What a backslash takes its meaning from within double quotes; a line that it ends goes on.
SPECIAL = re.compile(r'\\([$`"\\])|\\\n')
HIGHEST = 0x10FFFF
# To the quote that ends it, which a backslash may hide.
DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)


def ansi(inside: str) -> str:
    """Return what stands within $'…'; browsers write a character past 16 bits as its two halves."""
    return joined_halves(ESCAPED.sub(unescaped, inside))


def unescaped(found: re.Match[str]) -> str:
    """Return what an escape within $'…' stands for; one that means nothing is itself."""
    if found["bytes"]:
        return bytes_as_text(found["bytes"])
    if number := found["short"] or found["long"]:
        return chr(int(number, 16)) if int(number, 16) <= HIGHEST else found[0]
    if found["control"]:
        return chr(ord(found["control"]) & 0x1F)
    return ESCAPES.get(found["one"], found[0])


def bytes_as_text(escapes: str) -> str:
    """Return the text of bytes by number: UTF-8, or, as Firefox writes them, characters up to 255."""
    numbers = [int(one[1], 16) if one[1] else int(one[2], 8) & 0xFF for one in ONE_BYTE.finditer(escapes)]
    try:
        return bytes(numbers).decode()
    except UnicodeDecodeError:
        return "".join(map(chr, numbers))


def joined_halves(text: str) -> str:
    """Return a text with each pair of halves as one character; a half alone stays."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def double(inside: str) -> str:
    """Return what stands within double quotes, its variables as they are written."""
    return SPECIAL.sub(lambda found: found[1] or "", inside)
