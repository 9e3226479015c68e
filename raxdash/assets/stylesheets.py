"""Keep of a library's stylesheet what pages use: of Tabler's 600 KB that is a tenth."""

import re
from collections.abc import Iterator
from itertools import pairwise

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
# What stands in the attribute, tags of the template with quotes of their own among it.
ATTRIBUTE = re.compile(r'class="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\}|\{)*)"')
# What a selector excludes need not be on a page.
EXCLUDED = re.compile(r":not\([^()]*\)")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Groups whose body is a stylesheet again.
GROUPS = ("@media", "@supports", "@layer", "@container")
BODY = re.compile(r"\{([^{}]*)\}")
OWN_PROPERTY = re.compile(r"(--[\w-]+)\s*:")
NAMED_PROPERTY = re.compile(r"var\(\s*(--[\w-]+)")


def used_in_markup(text: str) -> set[str]:
    """Return every word in the `class` attributes of a template, or of Python that writes HTML.

    A class is written whole there: `note-{{ level }}` would be found by nobody.
    """
    return set(WORD.findall(" ".join(ATTRIBUTE.findall(text))))


def used_in_script(text: str) -> set[str]:
    """Return every word of a script: any of them may be a class."""
    return set(WORD.findall(text))


def only_used(css: str, used: set[str], also_reads: str = "") -> str:
    """Return the rules of a stylesheet whose classes are all among `used`, and whose it is.

    What is left of its variables is what its rules, or the stylesheets `also_reads`, ask for.
    """
    licences = "".join(comment for comment in COMMENT.findall(css) if comment.startswith("/*!"))
    rules = "".join(_kept(COMMENT.sub("", css), used))
    return licences + without_idle_variables(rules, also_reads)


def without_idle_variables(css: str, also_reads: str) -> str:
    """Leave out variables that nobody asks for, and then those that only they asked for."""
    while True:
        asked = set(NAMED_PROPERTY.findall(css)) | set(NAMED_PROPERTY.findall(also_reads))
        less = _with_variables(css, asked)
        if less == css:
            return css
        css = less


def _kept(css: str, used: set[str]) -> Iterator[str]:
    for prelude, body in _rules(css):
        if prelude.startswith(GROUPS):
            if inner := "".join(_kept(body, used)):
                yield f"{prelude}{{{inner}}}"
        elif prelude.startswith("@"):
            yield f"{prelude}{{{body}}}"
        elif selectors := [each for each in _split(prelude, ",") if _is_used(each, used)]:
            yield f"{','.join(selectors)}{{{body}}}"


def _is_used(selector: str, used: set[str]) -> bool:
    return set(CLASS.findall(EXCLUDED.sub("", STRING.sub("", selector)))) <= used


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each pair of braces on this level, and what stands in them."""
    start = depth = opened = 0
    for place, sign in _signs(css, "{};"):
        if sign == "{":
            opened = opened if depth else place
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1
        elif not depth:
            start = place + 1  # a statement such as @charset


def _split(text: str, sign: str) -> list[str]:
    """Split a text at a sign outside of strings and brackets."""
    cuts = [place for place, _ in _signs(text, sign)]
    return [text[start + 1 : end] for start, end in pairwise([-1, *cuts, len(text)])]


def _signs(text: str, wanted: str) -> Iterator[tuple[int, str]]:
    """Yield where these signs stand outside of strings and brackets."""
    depth = 0
    for found in re.finditer(rf"{STRING.pattern}|[()\[\]{wanted}]", text):
        sign = found.group()
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign in wanted and not depth:
            yield found.start(), sign


def _with_variables(css: str, asked: set[str]) -> str:
    """Return a stylesheet with these of its variables alone."""

    def shorten(found: re.Match[str]) -> str:
        declarations = _split(found.group(1), ";")
        own = [(OWN_PROPERTY.match(each.strip()), each) for each in declarations]
        left = [each for name, each in own if name is None or name[1] in asked]
        return f"{{{';'.join(left)}}}"

    return BODY.sub(shorten, css)
