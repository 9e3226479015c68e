"""The playground's pages: one view per page or deed."""

from playground.views.index import index
from playground.views.runs import again, delete, run_page, runs, stop
from playground.views.start import start

__all__ = ["again", "delete", "index", "run_page", "runs", "start", "stop"]
