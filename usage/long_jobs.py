"""The kinds of long jobs of this app."""

from common.jobs.kinds import Kind, register
from usage.accounts import fold_again, recount
from usage.books.rollups import zone_change
from usage.exports import making
from usage.imports.jobs import dates, file, origin, take


def register_all() -> None:
    """Let workers and pages know them."""
    register(Kind(recount.KIND, recount.WORDS, recount.step))
    register(Kind(fold_again.KIND, fold_again.WORDS, fold_again.step))
    for kind in (making.KIND, making.OF_FROZEN):
        register(Kind(kind, making.WORDS, making.step, making.forget, is_whole=True))
    register(Kind(zone_change.KIND, zone_change.WORDS, zone_change.step))
    register(Kind(file.KIND, file.WORDS, file.step, origin.cancel))
    register(Kind(dates.KIND, dates.WORDS, dates.step, origin.cancel))
    register(Kind(take.TAKE, take.TAKE_WORDS, take.take))
    register(Kind(take.UNDO, take.UNDO_WORDS, take.undo))
    register(Kind(take.DISCARD, take.DISCARD_WORDS, take.discard))
