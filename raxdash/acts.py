"""Every act of the product. docs/roles.md shows them, and a test compares the two."""

from playground.acts import PlaygroundAct
from teams.acts import Act, TeamAct
from usage.acts import UsageAct

ACTS: tuple[Act, ...] = (*TeamAct, *UsageAct, *PlaygroundAct)
