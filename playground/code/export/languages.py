"""The languages and libraries that a request can be taken along in."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.code.export import javascript, python
from playground.code.export.curl import curl
from playground.code.export.requests import CodeRequest


@dataclass(frozen=True, slots=True)
class Language:
    """A way to write a request as a program; `name` stands in addresses, `label` on its tab."""

    name: str
    label: str
    write: Callable[[CodeRequest], str]


LANGUAGES = (
    Language("curl", "curl", curl),
    Language("python-openai", "Python, openai", python.by_openai),
    Language("python-httpx", "Python, httpx", python.by_httpx),
    Language("python-rax", "Python, rax", python.by_rax),
    Language("javascript-openai", "JavaScript, openai", javascript.by_openai),
    Language("javascript-fetch", "JavaScript, fetch", javascript.by_fetch),
)
BY_NAME = {language.name: language for language in LANGUAGES}
