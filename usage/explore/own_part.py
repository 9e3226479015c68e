"""What of the numbers that are shown raxdash counted itself, in a sentence."""

from usage.explore.reading.numbers import Numbers
from usage.explore.remarks.noted import counted
from usage.explore.sheet.tables import Sheet
from usage.ledger import REQUESTS

# No provider tells of members and sources.
ALONE = "Only what was run in raxdash is counted here: who used the keys elsewhere, no provider tells."
UNTOLD = "Of keys whose servers tell no usage, what raxdash itself ran is shown and counted."


def own_part(numbers: Numbers, sheet: Sheet) -> str:
    """All of it, or that of keys of which nobody else tells; empty where it is all as providers tell it."""
    if not any(column.is_local for column in sheet.columns):
        return ALONE if numbers.is_own and sheet.columns else ""
    if not (estimated := numbers.estimated):
        return UNTOLD
    return f"{UNTOLD} {counted(estimated, REQUESTS)} of it reported no tokens: theirs are estimated."
