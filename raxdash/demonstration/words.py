"""What people said of their keys, of times and of money, and what they keep asking."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import parse_qs

from common.jobs import worker
from rax.simulator.demo import NEW, OLD
from raxdash.demonstration.cast import (
    BATCH,
    EMAIL,
    EVALUATION,
    JONAS,
    MOBILE,
    PRIYA,
    PRODUCTION,
    SEARCH,
    TRIAL,
    DemoKey,
    access_of,
    is_member,
)
from raxdash.demonstration.story import Story
from teams.keys.attributes import change_attributes
from teams.keys.timelines import Changes
from teams.models import ALWAYS, Key, KeyAttributes, Label, Owner, User
from usage.explore import freezing
from usage.explore.query.comparison import WEEK, Comparison
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.periods import Period
from usage.explore.query.query import Query
from usage.explore.query.steps import Step
from usage.explore.saved import deeds as views
from usage.imports import deeds as imports
from usage.ledger.grid import ONE_DAY
from usage.models import FrozenReport, Import, Meter, Note, Price, SavedView
from usage.notes import deeds as notes
from usage.notes.content import Content
from usage.prices import deeds as prices
from usage.prices.pricing import Rate

PORTAL_DAYS_AGO, HANDED_OVER_DAYS_AGO, CHEAPER_DAYS_AGO, LONG_AGO = 35, 28, 38, 200
OLDER_DAYS = 14


def describe_keys(story: Story) -> None:
    """Say whose the keys are, for what, and since when, where nobody has said so yet."""
    said = KeyAttributes.objects.filter(key__team=story.team).exclude(project="")
    if said.exists():
        return
    owner, priya, jonas = (owner_of(email) for email in (EMAIL, PRIYA.email, JONAS.email))
    live, batch, tests = (Label.objects.named(story.team, [name]) for name in ("live", "batch", "evaluation"))
    say(story, PRODUCTION, None, {"owner": owner, "project": "Website", "labels": live})
    say(story, PRODUCTION, PORTAL_DAYS_AGO, {"project": "Customer portal"})
    say(story, TRIAL, None, {"owner": jonas, "project": "Prototypes", "labels": tests})
    say(story, BATCH, None, {"owner": owner, "project": "Reporting", "labels": live + batch})
    say(story, BATCH, HANDED_OVER_DAYS_AGO, {"owner": priya})
    say(story, MOBILE, None, {"owner": priya, "project": "Mobile app", "labels": live})
    say(story, EVALUATION, None, {"owner": jonas, "project": "Prototypes", "labels": tests + batch})
    say(story, SEARCH, None, {"owner": priya, "project": "Documentation", "labels": live})


def owner_of(email: str) -> Owner | None:
    """One of the people as an owner of keys; None where they are gone."""
    return Owner.of(User.objects.filter(email=email).first())


def say(story: Story, key: DemoKey, days_ago: int | None, changes: Changes) -> None:
    """Say something of a key, from some day on or of always."""
    stored = Key.objects.get(team=story.team, name=key.name)
    change_attributes([stored], ALWAYS if days_ago is None else story.day_ago(days_ago), changes)


def write_notes(story: Story) -> None:
    """Note what happened, where nobody has noted anything yet."""
    if Note.objects.filter(team=story.team).exists():
        return
    night = story.at(8, time(0, 5))
    campaign = "Campaign week: the portal is in every newsletter."
    moved = Content("The host that polls was moved; nobody asked the provider.", *story.gap)
    switched = f"{OLD.id} is switched off. The portal runs on {NEW.id} now."
    begins = "The evaluation begins at midnight now, when the day’s tokens do."
    week = Content.of_days(campaign, story.day_ago(17), story.day_ago(13), story.team.zone)
    note(story, EMAIL, 17, week)
    note(story, PRIYA.email, 20, moved)
    note(story, PRIYA.email, 14, moment(switched, story.old_until))
    note(story, JONAS.email, 8, moment(begins, night))


def moment(text: str, at: datetime) -> Content:
    """Something about one moment."""
    return Content(text, at, at)


def note(story: Story, email: str, days_ago: int, content: Content) -> None:
    """Let one of the people write a note, then."""
    if is_member(story.team, email) and content.starts_at >= story.start:
        written = notes.write(access_of(story.team, email), content)
        at = max(story.at(days_ago), content.ends_at) + timedelta(hours=1)
        Note.objects.filter(pk=written.pk).update(written_at=min(at, story.now))


def set_prices(story: Story) -> None:
    """Enter what the models cost, where there is no price yet."""
    if Price.objects.filter(team=story.team).exists():
        return
    access = access_of(story.team, EMAIL)
    for model, days_ago, amounts in (
        ("rax-4.0", LONG_AGO, ("0.80", "0.50", "2.00")),
        ("rax-4.5", LONG_AGO, ("2.60", "1.80", "6.40")),
        ("rax-4.5", CHEAPER_DAYS_AGO, ("2.10", "1.50", "5.20")),
        (NEW.id, 42, ("0.30",)),
        (OLD.id, LONG_AGO, ("0.60",)),
    ):
        prices.add(access, model, story.day_ago(days_ago), Rate(*map(Decimal, amounts)))
    old = Price.objects.get(team=story.team, model=OLD.id)
    prices.end(access, old.pk, story.old_until.date() + timedelta(days=1))


def save_views(story: Story) -> None:
    """Keep a question with which the team starts, and one for its owner, where there is none yet."""
    if SavedView.objects.filter(team=story.team).exists():
        return
    access = access_of(story.team, EMAIL)
    weekly = Query(by=(Dimension.PROJECT,), period=Period("last-week"), compare=Comparison(WEEK))
    start = views.save(access, "Last week by project", weekly.address(), is_of_team=True)
    views.choose_start(access, start.pk, is_start=True)
    batch = Key.objects.get(team=story.team, name=BATCH.name)
    hourly = Query(filters=(Filter.of(Dimension.KEY, [str(batch.pk)]),), step=Step.HOUR)
    views.save(access, "Nightly batch by the hour", hourly.address(), is_of_team=False)


def freeze_page(story: Story) -> None:
    """Keep what last week looked like, where nothing is kept yet."""
    if FrozenReport.objects.for_team(story.team).pages().exists():
        return
    access = access_of(story.team, EMAIL)
    weekly = Query(by=(Dimension.KEY, Dimension.MODEL), period=Period("last-week"))
    parts = parse_qs(weekly.address())
    freezing.freeze(access, lambda: freezing.report_of(access, parts, story.now))


def give_history(story: Story) -> None:
    """Let a file be read of what a key used before anybody watched, where none was; nobody took it in yet."""
    if Import.objects.filter(team=story.team).exists():
        return
    meter = Meter.objects.for_team(story.team).filter(name=SEARCH.name).first()
    if meter is None:
        return
    # Counters told all of the billing period in which watching began: what is older nobody told.
    month = story.start.astimezone(UTC).date().replace(day=1)
    days = [month - number * ONE_DAY for number in range(OLDER_DAYS, 0, -1)]
    rows = [f"{day},{day},{OLD.id},{20_000 + 500 * day.day},{40 + day.day}" for day in days]
    content = "\r\n".join(["start,end,model,tokens,requests", *rows, ""]).encode()
    imports.give_file(access_of(story.team, EMAIL), "docs-search-before-raxdash.csv", content, meter)
    # No worker runs yet, which would read it.
    worker.work()
