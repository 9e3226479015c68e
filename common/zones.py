"""The time zones that people may choose: those that mean the same on every machine."""

from functools import cache
from zoneinfo import available_timezones

# That of the machine itself, and that of one which was never told its own.
OF_MACHINES = {"localtime", "Factory"}


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all of them; they are read from files, once."""
    return frozenset(available_timezones() - OF_MACHINES)
