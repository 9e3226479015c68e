"""Many files in one: on a slow line each file costs a round trip of its own, and smaller ones compress worse.

Our scripts are modules of a few plain forms; each becomes a function that is called once, in the order in
which a browser would have run them, and what it exports a constant: `common$events`. The bundle that every
page loads exports those constants, so that no module of it runs twice, whoever else imports it.
"""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from raxdash.assets.stylesheets import COMMENT

type Read = Callable[[str], str]

# The scripts of all pages, and those of the playground's.
COMMON = ("answers", "page", "menus", "help", "line", "keeping", "signed_out", "sending", "leaving")
PLAYGROUND = {
    "streams": ("reading", "positions", "turns"),
    "text": ("copying",),
    "answers": ("views", "schemas", "rating"),
    "editor": (
        *("early", "address", "form", "faces", "parameters", "stop_sequences", "long_texts"),
        *("links", "shared", "variables", "pasted_values", "backdrop", "estimate", "differs", "tabs"),
        *("messages", "editing", "using", "draft", "going", "spoken", "fold"),
    ),
    "code": ("panel", "paste", "stale", "stored"),
}
SCRIPTS = {
    "common": tuple(f"common/{name}.js" for name in COMMON),
    "playground": tuple(
        f"playground/{room}/{name}.js" for room, names in PLAYGROUND.items() for name in names
    ),
}
FRAME = (
    *("variables", "type", "frame", "entrance", "controls", "menus", "forms", "marks", "notes", "cards"),
    "help",
)
STYLES = {
    "common": ("vendor/tabler/tabler.css", *(f"common/{name}.css" for name in (*FRAME, "tables", "lists"))),
    # What is said in a conversation, on all pages that show one.
    "talk": (
        *("playground/variables.css", "playground/states.css"),
        *(f"playground/editor/{name}.css" for name in ("turn", "versions", "messages", "failure")),
        *("playground/text/markdown.css", "playground/text/code.css"),
        *("playground/answers/answers.css", "playground/answers/rating.css"),
    ),
    "editor": (
        *(f"playground/editor/{name}.css" for name in ("layout", "fields", "columns", "differs", "texts")),
        *(
            "playground/editor/fold.css",
            "playground/editor/examples.css",
            "playground/editor/compare.css",
            "playground/code/code.css",
        ),
    ),
}
# The bundle that all pages load first.
BASE = "bundles/common.js"
IMPORT = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";', re.MULTILINE)
EXPORT = re.compile(
    r"^export (?=(?:async )?function\*? ?(\w+)|class (\w+)|const (\w+)|const \{([^}]*)\})", re.MULTILINE
)
ADDRESS = re.compile(r'url\("(?!data:)([^"]+)"\)')


def bundles(read: Read) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each bundle of the files that `read` returns by their names."""
    base = base_modules(read)
    yield BASE, "".join(as_function(name, read(name), "export ") for name in base)
    for bundle, entries in SCRIPTS.items():
        if (name := f"bundles/{bundle}.js") != BASE:
            yield name, script(name, [one for one in in_order(entries, read) if one not in base], read, base)
    for bundle, names in STYLES.items():
        yield f"bundles/{bundle}.css", "".join(style(name, read(name)) for name in names)


def base_modules(read: Read) -> list[str]:
    """Return the modules of the bundle that all pages load."""
    return in_order(SCRIPTS["common"], read)


def in_order(entries: Iterable[str], read: Read) -> list[str]:
    """Return modules with all that they import, in the order in which a browser runs them."""
    done: list[str] = []
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in done:
            return
        if name in begun:
            raise ValueError(f"{name} imports what imports it")
        begun.add(name)
        for imported in imports(name, read(name)):
            visit(imported)
        done.append(name)

    for entry in entries:
        visit(entry)
    return done


def imports(name: str, text: str) -> list[str]:
    """Return the modules that a module imports."""
    return [resolved(name, address) for _, address in IMPORT.findall(text)]


def script(name: str, modules: Sequence[str], read: Read, base: Collection[str]) -> str:
    """Return a bundle of these modules, which takes others from the one that all pages load."""
    asked = {one for module in modules for one in imports(module, read(module))}
    taken = ", ".join(constant(one) for one in base if one in asked)
    functions = "".join(as_function(module, read(module)) for module in modules)
    return f'import {{ {taken} }} from "{relative(BASE, name)}";\n{functions}'


def as_function(name: str, text: str, keyword: str = "") -> str:
    """Return a module as a function that is called at once, and its exports as a constant."""
    body = IMPORT.sub(lambda found: taking(found[1], resolved(name, found[2])), text)
    exported = ", ".join(filter(None, ("".join(names).strip() for names in EXPORT.findall(text))))
    body = EXPORT.sub("", body)
    return f"{keyword}const {constant(name)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


def with_base(name: str, text: str, base: Collection[str]) -> str:
    """Return a module that stays a file of its own, with what it imports of the common bundle from there."""

    def take(found: re.Match[str]) -> str:
        if (module := resolved(name, found[2])) not in base:
            return found[0]
        return f'import {{ {constant(module)} }} from "{relative(BASE, name)}"; {taking(found[1], module)}'

    return IMPORT.sub(take, text)


def taking(names: str | None, module: str) -> str:
    """Return the line that takes names of a module that is a constant."""
    return f"const {{{names.replace(' as ', ': ')}}} = {constant(module)};" if names else ""


def style(name: str, text: str) -> str:
    """Return a stylesheet as it stands in a bundle, with the comments that must stay."""
    rules = COMMENT.sub(lambda found: found[0] if found[0].startswith("/*!") else "", text)
    return (
        ADDRESS.sub(lambda found: f'url("{relative(resolved(name, found[1]), BASE)}")', rules).strip() + "\n"
    )


def constant(module: str) -> str:
    """Return what a module is called in a bundle: `common$events`."""
    return re.sub(r"\W", "$", module.removesuffix(".js"))


def resolved(name: str, address: str) -> str:
    """Return the name of the file that a file calls by an address."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def relative(name: str, other: str) -> str:
    """Return by which address a file calls another one."""
    address = posixpath.relpath(name, posixpath.dirname(other))
    return address if address.startswith(".") else f"./{address}"
