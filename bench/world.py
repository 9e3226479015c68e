"""Fill an installation's database for a benchmark: `python -m bench.world <what> …`, in its environment.

People, memberships and keys are rows like any other; nothing here measures.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")

PASSWORD = "a long enough password"  # noqa: S105  of people who exist as long as a benchmark runs


def main() -> None:
    """Do what the arguments say."""
    django.setup()
    what, *arguments = sys.argv[1:]
    {"people": people, "unlimited": unlimited}[what](*arguments)


def people(count: str) -> None:
    """Add members to the team there is: `member0@example.com` and so on, all with `PASSWORD`."""
    from django.contrib.auth.hashers import make_password

    from teams.models import Membership, Role, Team, User

    team, password = Team.objects.get(), make_password(PASSWORD)
    for number in range(int(count)):
        user = User.objects.create_user(f"member{number}@example.com", name=f"Member {number}")
        User.objects.filter(pk=user.pk).update(password=password)
        Membership.objects.create(team=team, user=user, role=Role.MEMBER)


def unlimited() -> None:
    """Take all limits from the keys: a benchmark runs more prompts in a minute than a plan allows."""
    from teams.models import Key, Plan

    Key.objects.update(plan=Plan.OWN, requests_per_minute=None, tokens_per_day=None, tokens_per_period=None)


if __name__ == "__main__":
    main()
