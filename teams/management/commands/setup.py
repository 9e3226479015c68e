"""Do from the shell what `/setup/` does in the browser; it may be repeated."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import MaxLengthValidator, validate_email

from common.form_fields import NameField
from teams.keys.checks import check_key_now
from teams.keys.deeds import KeyDetails
from teams.models import Plan, User, validate_time_zone
from teams.start.first_start import Owner, set_up

FLAGS = {"secret": "--key", "base_url": "--base-url"}


class Command(BaseCommand):
    """Create, or bring up to date, an owner, a team and a key."""

    help = "Create an owner, a team and a key. Repeating it changes only what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take secrets as arguments or, better, one line each from standard input."""
        parser.add_argument("--email", required=True)
        password = parser.add_mutually_exclusive_group(required=True)
        password.add_argument("--password")
        password.add_argument("--password-stdin", action="store_true", help="read it from standard input")
        parser.add_argument("--team", required=True)
        key = parser.add_mutually_exclusive_group(required=True)
        key.add_argument("--key")
        key.add_argument(
            "--key-stdin", action="store_true", help="read it from standard input, after the password"
        )
        parser.add_argument("--key-name", default="Main key")
        parser.add_argument("--base-url", default=settings.RAX_BASE_URL)
        parser.add_argument("--plan", choices=[Plan.FREE.value, Plan.PRO.value], default=Plan.FREE.value)
        parser.add_argument("--time-zone", default="UTC")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what was given, ask the provider about the key, save everything at once."""
        password = options["password"] or read_line("password")
        secret = options["key"] or read_line("key")
        for flag, text in {**options, "password": password, "key": secret}.items():
            refuse(f"--{flag.replace('_', '-')}", require_text, text)
        refuse("--email", validate_email, options["email"])
        refuse("--password", validate_password, password, User(email=options["email"]))
        refuse("--time-zone", validate_time_zone, options["time_zone"])
        # What the page takes as a name, and as it takes it.
        team_name = refuse("--team", NameField(max_length=80).clean, options["team"])
        key_name = refuse("--key-name", NameField(max_length=80).clean, options["key_name"])
        refuse("--base-url", MaxLengthValidator(300), options["base_url"])
        details = KeyDetails(key_name, secret, options["base_url"], options["plan"])
        check = check_key_now(details.secret, details.base_url)
        if check.problem:
            raise CommandError(f"{FLAGS[check.field]}: {check.problem}")
        owner = Owner(options["email"], password)
        details = replace(details, models=check.models)
        _, team, key = set_up(owner, team_name, details, time_zone=options["time_zone"])
        names = [model.id for model in check.models or ()]
        models = f", which may use {', '.join(names)}" if names else ""
        self.stdout.write(
            f"{options['email']} owns {team.name} (/t/{team.slug}/) with the key {key.name}{models}."
        )


def refuse[Value](flag: str, validate: Callable[..., Value], *values: object) -> Value:
    """Return what a validator makes of an option; stop with one line that names it where it is not taken."""
    try:
        return validate(*values)
    except ValidationError as error:
        raise CommandError(f"{flag}: {' '.join(error.messages)}") from error


def require_text(value: object) -> None:
    """Raise `ValidationError` for bytes of a command line that are no UTF-8: no database keeps them."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise ValidationError("It is not UTF-8.") from None


def read_line(what: str) -> str:
    """Return the next line of standard input."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise CommandError(f"There is no line with the {what} on standard input.")
    return line
