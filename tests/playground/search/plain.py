"""A plain search over texts, written without looking at ours: what every search must agree with."""

import re
import unicodedata


def plain_words(text: str) -> list[str]:
    """Return the words of a text, in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    without = "".join(letter for letter in decomposed if not "\u0300" <= letter <= "\u036f")
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", without.casefold()))


def holds(text: str, phrase: list[str]) -> bool:
    """Tell whether a text has words in this order, one after the other."""
    words = plain_words(text)
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def holds_part(text: str, phrase: list[str]) -> bool:
    """Tell whether they stand there, perhaps within longer words."""
    return " ".join(phrase) in " ".join(plain_words(text))


def finds(text: str, wanted: list[list[str]], unwanted: list[list[str]], *, parts: bool = True) -> bool:
    """Tell whether a text has all of these phrases, and none of those."""
    if any(holds(text, phrase) for phrase in unwanted):
        return False
    is_short = [" ".join(phrase).isascii() and len(" ".join(phrase)) < 3 for phrase in wanted]
    return all(
        (holds_part if parts and not short else holds)(text, phrase)
        for phrase, short in zip(wanted, is_short, strict=True)
    )
