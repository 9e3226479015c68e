"""What a team says of its keys, and what it ran itself: so that every control of the page has values."""

import uuid
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from bench.within.answers import MODELS
from bench.within.history import days_before, in_quarters_of
from teams.keys.attributes import change_attributes
from teams.keys.timelines import Changes
from teams.models import ALWAYS, Key, Label, Membership, Owner, Team, User
from usage.books import past
from usage.books.rollups.cohorts import settle
from usage.explore.reading import settling
from usage.models import LocalUsage, Meter, TeamModel

PEOPLE, PROJECTS, LABELS, RUNS_A_DAY = 10, 10, 5, 20


def describe(days: str, in_quarters: str) -> dict[str, str]:
    """Give keys owners, projects and labels, some of which changed ten days ago, and runs to members, of a
    year at most; settle the days of which there are quarters. Return a value of each dimension, as addresses
    name it.
    """
    team, keys = Team.objects.get(slug="acme"), list(Key.objects.filter(team__slug="acme").order_by("pk"))
    people = [add_person(team, number) for number in range(PEOPLE)]
    labels = Label.objects.named(team, [f"Label {number}" for number in range(LABELS)])
    for number in range(PROJECTS):
        some = keys[number::PROJECTS]
        chosen = labels[number % LABELS], labels[(number + 1) % LABELS]
        # Two people share a project.
        for place in range(2):
            owner = Owner.of(people[(number + place) % PEOPLE])
            told: Changes = {"owner": owner, "project": f"Project {number}", "labels": chosen}
            change_attributes(some[place::2], ALWAYS, told)
        if number % 2:
            day = timezone.now().date() - timedelta(days=10)
            change_attributes(some, day, {"project": f"Project {number - 1}"})
    add_runs(team, keys, people, min(int(days), 365))
    settle_days(team, in_quarters_of(days_before(timezone.now().date(), int(days)), int(in_quarters)))
    tidy()
    return {
        "model": str(TeamModel.objects.get(team=team, model=MODELS[1]).pk),
        "key": str(keys[0].pk),
        "account": str(Meter.objects.get(key=keys[0]).pk),
        "owner": str(people[1].pk),
        "project": "=Project 2",
        "label": str(labels[0].pk),
        "member": str(people[2].pk),
        "source": LocalUsage.Source.PLAYGROUND,
    }


def settle_days(team: Team, days: set[date]) -> None:
    """Sum up these days as the worker does, and what is to come."""
    now = timezone.now()
    for day, cohorts in settling.unsettled(team, now):
        if day in days or day >= team.day_of(now):
            settle(team, day, cohorts)
    past.sum_up_when_due(team, now)


def tidy() -> None:
    """Let the database know what it holds."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def add_person(team: Team, number: int) -> User:
    """Make somebody who belongs to the team."""
    person = User.objects.create_user(f"person{number}@example.com", name=f"Person {number}")
    Membership.objects.create(team=team, user=person)
    return person


def add_runs(team: Team, keys: list[Key], people: list[User], days: int) -> None:
    """Write what members ran on each day."""
    now = timezone.now()
    runs = (
        LocalUsage(
            team=team,
            key=keys[number % len(keys)],
            run=uuid.uuid4(),
            member_id=people[number % PEOPLE].pk,
            source=LocalUsage.Source.PLAYGROUND,
            model=MODELS[number % len(MODELS)],
            prompt_tokens=100 + number % 97,
            completion_tokens=50,
            is_reported=True,
            at=now - timedelta(minutes=10 + number * 24 * 60 / RUNS_A_DAY),
        )
        for number in range(days * RUNS_A_DAY)
    )
    LocalUsage.objects.bulk_create(runs, batch_size=2_000)
