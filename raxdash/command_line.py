"""`manage.py`: Django's command line, which refuses to work on a database that is newer than this code."""

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from common import database_faults
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
HELP = frozenset({"-h", "--help", "--version"})


class CommandLine(ManagementUtility):
    """Runs one command; one line and exit code 1 where the database is newer or cannot be used."""

    def execute(self) -> None:
        """Run the command that was typed."""
        try:
            super().execute()
        except DatabaseError as error:
            if not database_faults.is_passing(error):
                raise
            raise SystemExit(f"raxdash: {schema.words_for(error)}") from None

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command that is to run, once it may."""
        command = super().fetch_command(subcommand)
        if subcommand not in UNASKED and self.argv[1:2] == [subcommand] and not HELP & set(self.argv):
            refuse_older_code()
        return command


def refuse_older_code() -> None:
    """End with one line where the database is newer than this code."""
    try:
        schema.check_not_newer()
    except schema.DatabaseIsNewer as error:
        raise SystemExit(f"raxdash: {error}") from error
