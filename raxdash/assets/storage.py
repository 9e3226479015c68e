"""How static files are stored: precompressed, under names that hold a hash of their content."""

from collections.abc import Iterator, Mapping
from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from raxdash.assets import bundles

type Sources = Mapping[str, tuple[Any, str]]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed files whose scripts import one another by their hashed names too.

    So a changed helper changes the names of all that import it, and every script may be kept for ever. Ours
    lose what only people read: over a quarter of what a browser loads of them. What they import of the common
    bundle they import from there.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: Sources, *arguments: Any, **options: Any) -> Iterator[Any]:
        """Hash and compress the files of a mapping of names to their storages and paths."""

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        base = bundles.base_modules(read) if bundles.BASE in paths else []
        sources = {
            name: (Shortened(bundles.with_base(name, read(name), base)), path)
            if is_our_script(name)
            else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(sources, *arguments, **options)


class Shortened:
    """A storage of one script, without comments and needless space.

    What stands between two backticks is left as it is; but a text that is written within another one's `${}`
    would lose its spaces, so a test finds those.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def open(self, path: str) -> "ContentFile[bytes]":
        """Return the script's content."""
        return ContentFile(rjsmin.jsmin(self._text).encode(), name=path)


def is_our_script(name: str) -> bool:
    """Tell whether a file is a script that people write here; what others publish is short already."""
    return name.endswith(".js") and not name.startswith("vendor/")
