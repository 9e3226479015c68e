"""What can be done with usage, and who may."""

from teams.acts import Act
from teams.roles import Role


class UsageAct(Act):
    """What can be done with usage, quota, models and accounts."""

    SEE_USAGE = "See usage, quota, models and accounts", Role.VIEWER
    POLL = "Ask for the usage now", Role.MEMBER
    WRITE_NOTES = "Write notes on the usage chart, edit and remove one's own", Role.MEMBER
    REMOVE_NOTES = "Remove anybody's notes", Role.ADMIN
    SET_RETIREMENTS = "Say when a model retires", Role.ADMIN
    SET_PRICES = "Set prices and their currency", Role.ADMIN
    KEEP_VIEWS = "Save views of usage for oneself", Role.VIEWER
    SHARE_VIEWS = "Save, rename, order and delete the team's views of usage", Role.MEMBER
    FREEZE = "Freeze what the usage page shows, for a link that stays, and remove one's own", Role.MEMBER
    REMOVE_FROZEN = "Remove anybody's frozen pages", Role.ADMIN
    CHOOSE_START = "Choose the view that the team starts with", Role.ADMIN
    IMPORT = "Import history of usage, and take it back", Role.ADMIN
    DECIDE_ACCOUNTS = "Say which keys share an account, and where a counter began again", Role.ADMIN
