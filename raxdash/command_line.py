"""`manage.py`: Django's command line, which says in one line what stands in the way of a command."""

import errno
from collections.abc import Sequence

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from common.database import faults
from raxdash import schema

# They ask the database nothing, only look at it (`dbshell`, `showmigrations`), or ask about it themselves.
UNASKED = frozenset(
    {
        *("build_assets", "collectstatic", "findstatic"),
        *("check", "diffsettings", "help", "version"),
        *("compilemessages", "makemessages", "makemigrations", "squashmigrations", "optimizemigration"),
        *("dbshell", "showmigrations"),
        *("startapp", "startproject", "test", "testserver", "sendtestemail"),
        "encryption_keys",
        *("prepare", "restore"),
    }
)
# Of Django's commands those that have no sense here, and what to do in their place.
REPLACED = {
    "createsuperuser": "nobody is a superuser here: ./manage.py setup makes an owner with a team and a key, "
    "and owners and admins invite the others under Members",
}
MAKES_TABLES = frozenset({"migrate", "sqlmigrate"})
HELP = frozenset({"-h", "--help", "--version"})
# A folder or file that may not be written, a disk that is full.
UNUSABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


class CommandLine(ManagementUtility):
    """Runs one command; one line and exit code 1 where it cannot work on the database or the folder of data.

    `withheld` names settings that the `make run` of this folder has and this shell has not.
    """

    def __init__(self, argv: list[str], withheld: Sequence[str] = ()) -> None:
        super().__init__(argv)
        self.withheld = withheld

    def execute(self) -> None:
        """Run the command that was typed."""
        try:
            super().execute()
        except Exception as error:
            if not (obstacle := obstacle_in(error)):
                raise
            raise SystemExit(f"raxdash: {obstacle}") from None

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command that is to run, once it may."""
        if subcommand in REPLACED:
            raise SystemExit(f"raxdash: {REPLACED[subcommand]}")
        command = super().fetch_command(subcommand)
        if subcommand not in UNASKED and self.argv[1:2] == [subcommand] and not HELP & set(self.argv):
            refuse_other_settings(self.withheld)
            refuse_unfit_database(may_be_empty=subcommand in MAKES_TABLES)
        return command


def obstacle_in(error: Exception) -> str:
    """Return in one line what stands in the way of any command; empty where the error is our mistake."""
    if faults.is_passing(error):
        return schema.words_for(error)
    if isinstance(error, DatabaseError):
        return schema.problem_at_start()  # tables or columns that are not there yet
    if isinstance(error, OSError) and error.errno in UNUSABLE and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}"
    return ""


def refuse_other_settings(withheld: Sequence[str]) -> None:
    """End with one line where a command would look elsewhere than what runs, or seal with another key."""
    if withheld:
        raise SystemExit(
            f"raxdash: what runs has {' and '.join(withheld)}, which may hold a secret and was not written "
            "down: set the same in this shell"
        )


def refuse_unfit_database(*, may_be_empty: bool) -> None:
    """End with one line where the database is newer than this code, or nothing has been made in it yet."""
    try:
        schema.check_not_newer()
    except schema.DatabaseIsNewer as error:
        raise SystemExit(f"raxdash: {error}") from error
    if not may_be_empty and schema.is_empty():
        raise SystemExit(f"raxdash: {schema.problem_at_start()}")
