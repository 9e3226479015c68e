"""Accounts that were folded under older rules are folded again, a few at a time, by a long job in each team.

Raw polls are the truth, and the rules of the fold grow exacter (`usage.ledger.RULES`). What no raw polls are
kept for stays as it is: the fold stands on the oldest knot that is kept. The work is that of a recount
(`recount.py`), without anything that a person decided. One job takes so few accounts that it lasts seconds;
the next begins when it is done. Only its own accounts are held, so people decide about the others meanwhile.
"""

from django.db import transaction

from common.guard import guarded
from common.models import Job
from teams.jobs import scope_of
from teams.models import Team
from usage.accounts import recount
from usage.accounts.recount import Account
from usage.ledger import RULES
from usage.models import Meter, RawPoll

KIND, WORDS = "usage.fold_again", "Counting some accounts again under exacter rules"
# What one job takes: as many accounts as have so many raw polls and series together, but one at least.
MOST_ACCOUNTS, MOST_POLLS, MOST_SERIES = 10, 50_000, 100

step = recount.step


def start_outdated() -> None:
    """Begin for every team that has accounts folded under older rules, and where no such job has failed."""
    for team in Team.objects.filter(pk__in=Meter.objects.outdated().values("team")):
        with guarded("Beginning to count again the accounts of team", team.pk):
            if not Job.objects.of(scope_of(team), KIND).pending().exists():
                start(team)


@transaction.atomic
def start(team: Team) -> bool:
    """Begin with the next accounts of a team; tell whether there are any that nobody counts anew."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    accounts = next_accounts(team)
    if accounts:
        recount.start(team, accounts, deed={"rules": RULES}, kind=KIND)
    return bool(accounts)


def next_accounts(team: Team) -> list[Account]:
    """The accounts that one job takes, oldest first."""
    accounts: list[Account] = []
    polls = series = 0
    waiting = Meter.objects.for_team(team).outdated().filter(is_held=False).defer("state")
    for meter in waiting[:MOST_ACCOUNTS]:
        account = Account(meter.pk, meter.account_ids())
        polls += RawPoll.objects.after(account.members, None).count()
        series += meter.series.count()
        if accounts and (polls > MOST_POLLS or series > MOST_SERIES):
            break
        accounts.append(account)
    return accounts
