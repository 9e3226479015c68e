"""What the simulated models say: English and Markdown about the prompt's words, the same for the same prompt.

Two markers in the last message steer an answer: `[[say:TEXT]]` is answered with TEXT as it stands, and
`[[fault:NAME]]` (see `faults`) is left out of the topic.
"""

import hashlib
import re
from random import Random

from rax.simulator.words.prose import Prose
from rax.simulator.words.snippets import language_in, snippet

_SAY = re.compile(r"\[\[say:(.*)\]\]", re.DOTALL)
_FAULT = re.compile(r"\[\[fault:[^\]]+\]\]")
_LENGTH = re.compile(r"\b(\d{1,3}(?:,\d{3})+|\d{1,6})[ -]?(word|paragraph|sentence|token)s?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
LONGEST_WORDS = 8000  # more than any window holds
_WORDS_PER = {"word": 1.0, "token": 0.75, "sentence": 15.0, "paragraph": 60.0}

_SMALL_WORDS = """
about above across after again all and any are because been before being between both but can compare could
describe did difference different does doing down each explain few for from function give get had has have
help her here him his how into its just keep know let like list long make many mean might more most much
must need not now off one only other our out over own please program same say script shall she should show
small some such summarise summarize table tell than that the their them then there these they this those
through too two under until use using very want was way were what when where which while who why will with
word words would write you your paragraph paragraphs sentence sentences token tokens short hello thanks
thank answer question code haiku poem verse song tips ideas steps plan checklist pros cons versus python
javascript typescript sql bash rust html json
"""
_STOPWORDS = frozenset(_SMALL_WORDS.split())


def answer_for(model: str, messages: list[dict[str, str]]) -> str:
    """The full answer to a conversation, before any stop sequence or limit."""
    asked = next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")
    asked = _FAULT.sub("", asked)
    if said := _SAY.search(asked):
        return said[1]
    seed = repr((model, [(message["role"], message["content"]) for message in messages]))
    chance = Random(hashlib.blake2b(seed.encode(errors="surrogatepass")).digest())  # noqa: S311 - text, not secrets
    words = topic_words(asked)
    return _compose(asked, Prose(chance, words, _topic(asked, words)))


def topic_words(text: str) -> list[str]:
    """The telling words of a prompt, in order, at most four; never empty."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _STOPWORDS]
    return list(dict.fromkeys(words))[:4] or ["the question"]


def _topic(text: str, words: list[str]) -> str:
    """Two telling words that stand together are one topic; otherwise the first two are joined by "and"."""
    together = " ".join(words[:2])
    return (together if together in text else " and ".join(words[:2])).lower()


def wished_words(text: str) -> int | None:
    """How many words a prompt asks for ("write 2,000 words"), at most 8,000, or None."""
    found = _LENGTH.search(text)
    if found is None:
        return None
    wish = int(found[1].replace(",", "")) * _WORDS_PER[found[2].lower()]
    return min(int(wish), LONGEST_WORDS)


def _compose(asked: str, prose: Prose) -> str:
    """Choose the kind of answer by what the prompt asks for."""
    lowered = asked.lower()
    if wish := wished_words(asked):
        return prose.essay(wish)
    if re.fullmatch(r"\W*(hi|hello|hey|good (morning|evening)|thanks?( you)?)\b[\w\s]{0,12}\W*", lowered):
        return prose.greeting(lowered)
    if language := language_in(lowered):
        return prose.with_code(snippet(language, prose.topic))
    if re.search(r"\b(table|compare|versus|vs|pros and cons|difference)\b", lowered):
        return prose.with_table()
    if re.search(r"\b(poem|haiku|verse|song)\b", lowered):
        return prose.poem()
    if re.search(r"\b(steps?|list|how (do|to|can)|checklist|plan|ideas|tips)\b", lowered):
        return prose.with_steps()
    return prose.explanation()
