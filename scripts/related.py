"""Which tests belong to a file.

Those that were changed with it, those of its name, those that import it, and those beside them. To a file
that is no Python belong those of the modules that name it.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path, PurePosixPath

# They hold for every file, and take a second each.
ALWAYS = ("tests/raxdash/test_structure.py", "tests/mutants/test_list.py")


def tests_of(changes: Iterable[str], root: Path) -> list[str]:
    """Return the files of tests for some changed files, the nearest first."""
    changes = list(changes)
    sources = list(chain.from_iterable(sources_of(path, root) for path in changes))
    packages = chain.from_iterable(packages_passing_on(source, root) for source in sources)
    ranks = (
        [path for path in changes if is_test(path) and (root / path).exists()],
        ALWAYS if changes else (),
        chain.from_iterable(tests_called(source, root) for source in sources),
        tests_importing({module(source) for source in sources}, root),
        chain.from_iterable(tests_beside(source, root) for source in sources),
        tests_importing(set(packages), root),
    )
    return list(dict.fromkeys(chain.from_iterable(ranks)))


def sources_of(path: str, root: Path) -> list[str]:
    """Return the Python files that a changed file is about."""
    return [path] if path.endswith(".py") else list(modules_naming(path, root))


def is_test(path: str) -> bool:
    """Tell whether pytest collects tests from this file."""
    return PurePosixPath(path).full_match("tests/**/test_*.py")


def module(path: str) -> str:
    """Return the dotted name of a Python file."""
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def tests_called(source: str, root: Path) -> list[str]:
    """Return the tests whose name begins with the source's, in the folder that mirrors its own."""
    stem = PurePosixPath(source).stem.strip("_")
    return found(mirror(source, root), f"test_{stem}*.py", root) if stem != "init" else []


def tests_beside(source: str, root: Path) -> list[str]:
    """Return the tests in the folder that mirrors the source's."""
    return found(mirror(source, root), "test_*.py", root)


def mirror(source: str, root: Path) -> Path:
    """Return the deepest folder of tests that mirrors the source's folder; for what tests share, its own."""
    folder = PurePosixPath(source).parent
    folder = folder if folder.is_relative_to("tests") else PurePosixPath("tests") / folder
    candidates = [root / folder, *(root / parent for parent in folder.parents)]
    return next(candidate for candidate in candidates if candidate.is_dir())


def found(folder: Path, pattern: str, root: Path) -> list[str]:
    """Return the files of a folder that match; in the folder above all others there is nothing near."""
    return [] if folder == root else sorted(str(path.relative_to(root)) for path in folder.glob(pattern))


def tests_importing(modules: set[str], root: Path) -> list[str]:
    """Return the tests that import any of these modules."""
    tests = found_below(root / "tests", "test_*.py")
    return [str(path.relative_to(root)) for path in tests if modules & imports(path, root)]


def packages_passing_on(source: str, root: Path) -> Iterator[str]:
    """Yield the packages around a module that import it, so that others need not name it."""
    for folder in list((root / source).parents):
        if folder == root:
            return
        package = folder / "__init__.py"
        if package.exists() and package != root / source and module(source) in imports(package, root):
            yield module(str(package.relative_to(root)))


def modules_naming(path: str, root: Path) -> Iterator[str]:
    """Yield the Python files that name a template, a document or another file that is no Python."""
    for top in ("templates/", "static/"):
        path = path.removeprefix(top)
    for file in found_below(root, "*.py"):
        if path in text(file):
            yield str(file.relative_to(root))


@cache
def found_below(folder: Path, pattern: str) -> list[Path]:
    """Return our own files below a folder that match."""
    own = [folder] if folder.name == "tests" else [path.parent for path in folder.glob("*/__init__.py")]
    return sorted(chain.from_iterable(part.rglob(pattern) for part in own))


@cache
def text(file: Path) -> str:
    """Return what is written in a file."""
    return file.read_text()


@cache
def imports(file: Path, root: Path) -> frozenset[str]:
    """Return the dotted names that a file imports: modules, and what it takes from them."""
    names: set[str] = set()
    package = file.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(text(file))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*above, *([node.module] if node.module else [])])
            names |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
    return frozenset(names)
