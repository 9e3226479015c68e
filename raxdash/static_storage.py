"""How static files are stored: precompressed, under names that hold a hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed files whose scripts import one another by their hashed names too.

    So a changed helper changes the names of all that import it, and every script may be kept for ever.
    """

    support_js_module_import_aggregation = True
