"""What can be done with runs, and who may."""

from teams.acts import Act
from teams.roles import Role


class PlaygroundAct(Act):
    """What can be done with conversations and their runs."""

    SEE_RUNS = "See conversations and runs", Role.VIEWER
    RUN = "Run prompts, on the keys one may spend on; stop anybody's run", Role.MEMBER
    RATE_RUNS = "Rate runs and write notes on them", Role.MEMBER
    DELETE_OWN_RUN = "Delete one's own runs", Role.MEMBER
