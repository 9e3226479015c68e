"""Companies: teams of several keys whose owners, projects and labels change, each told a world of its own.

What is expected of a question is computed here from the lines of the independent model and from the days that
were dealt out here. Nothing of the readings is asked.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from random import Random

from django.utils import timezone

from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Key, Label, Owner, Plan, Team, User
from tests.usage.books.told_worlds import ZONES, Told, pieces, say_that_it_began_again, told
from tests.usage.reference import adapter, claims
from tests.usage.reference.disturbances import world_of
from tests.usage.reference.lines import Line, Series
from usage.books.ingest import store
from usage.books.local_usage import record_local_usage
from usage.explore.query.dimensions import Dimension, Filter, SeriesId
from usage.ledger import UNATTRIBUTED
from usage.ledger.words import OTHER_MODELS, microseconds, moment
from usage.models import LocalUsage, Meter, TeamModel

KEYS = 3
QUARTER = claims.QUARTER
DAY = timedelta(days=1)
NEVER = 1 << 62
RESERVED = {UNATTRIBUTED: "none", OTHER_MODELS: "others"}

Ids = dict[Dimension, tuple[str, ...]]
# [start, end) in microseconds, and whose the key was then.
Owned = tuple[int, int, Ids]


@dataclass(frozen=True)
class Run:
    key: Key
    at: int
    model: str
    member: int
    source: str
    tokens: int


@dataclass(frozen=True)
class Company:
    """A team, what each of its meters was told, whose each key was when, and what raxdash ran itself."""

    number: int
    team: Team
    told: list[Told]
    owned: dict[int, list[Owned]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return moment(max(one.now for one in self.told))

    def model_ids(self) -> dict[str, str]:
        rows = TeamModel.objects.filter(team=self.team).values_list("model", "pk")
        return {model: str(pk) for model, pk in rows} | RESERVED


def found(numbers: Iterable[int]) -> list[Company]:
    """Companies by their numbers, stored together."""
    worlds = {number: [world_of(number * KEYS + place) for place in range(KEYS)] for number in numbers}
    people = [User.objects.create_user(f"{name}@example.com", name=name) for name in ("Ann", "Ben")]
    meters = {number: made(number) for number in worlds}
    rounds: list[list] = [[], [], []]
    for number, some in worlds.items():
        for world, meter in zip(some, meters[number], strict=True):
            for piece, answers in zip(rounds, pieces(world, meter, Random(number)), strict=True):
                piece += answers
    for piece in rounds:
        store(piece)
        for number, some in worlds.items():
            for world, meter in zip(some, meters[number], strict=True):
                say_that_it_began_again(world, meter)
    companies = []
    for number, some in worlds.items():
        each = [told(number, world, meter) for world, meter in zip(some, meters[number], strict=True)]
        company = Company(number, meters[number][0].team, each)
        deal(company, people, Random(number))
        spend(company, people, Random(number))
        companies.append(company)
    return companies


def made(number: int) -> list[Meter]:
    zone = ZONES[number % len(ZONES)]
    team = Team.objects.create(name="Acme", slug=f"company-{number}", time_zone=zone)
    keys = [Key(team=team, name=f"Key {place}", plan=Plan.FREE) for place in range(KEYS)]
    Key.objects.bulk_create(keys)
    now = timezone.now()
    return Meter.objects.bulk_create(
        Meter(team=team, key=key, name=key.name, next_poll_at=now) for key in keys
    )


def deal(company: Company, people: Sequence[User], dice: Random) -> None:
    """Give each key an owner, a project and labels, and others from some days on."""
    labels = Label.objects.named(company.team, ["Batch", "batch-2", "none"])
    for one in company.told:
        since, until = (company.team.day_of(moment(at)) for at in one.world.watched())
        days = [
            since + DAY * dice.randint(-1, max((until - since).days, 1)) for _ in range(dice.randint(0, 2))
        ]
        dated: dict[date, Ids] = {}
        for day in [ALWAYS, *sorted(days)]:
            owner, project = dice.choice([None, *people]), dice.choice(["", "Chat", "a,b"])
            some = tuple(dice.sample(labels, dice.randint(0, 2)))
            change_attributes(
                [one.meter.key], day, {"owner": Owner.of(owner), "project": project, "labels": some}
            )
            dated[day] = {
                Dimension.KEY: (str(one.meter.key_id),),
                Dimension.ACCOUNT: (str(one.meter.pk),),
                Dimension.OWNER: (str(owner.pk) if owner else "none",),
                Dimension.PROJECT: (f"={project}" if project else "none",),
                Dimension.LABEL: tuple(str(label.pk) for label in some) or ("none",),
            }
        company.owned[one.meter.pk] = list(spans(company, dated))


def spans(company: Company, dated: dict[date, Ids]) -> Iterator[Owned]:
    starts = [-NEVER, *(midnight(company, day) for day in list(dated)[1:])]
    yield from zip(starts, [*starts[1:], NEVER], dated.values(), strict=True)


def midnight(company: Company, day: date) -> int:
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=company.team.zone))


def spend(company: Company, people: Sequence[User], dice: Random) -> None:
    """Let raxdash itself run some requests."""
    for _ in range(12):
        one, who = dice.choice(company.told), dice.choice(people)
        since, until = one.world.watched()
        source = dice.choice([LocalUsage.Source.PLAYGROUND, LocalUsage.Source.SUITE])
        at, tokens, model = dice.randrange(since, until), dice.randint(1, 900), dice.choice(["own", "Own"])
        record_local_usage(
            team_id=company.team.pk,
            key_id=one.meter.key_id,
            member_id=who.pk,
            source=source,
            run=uuid.uuid4(),
            model=model,
            prompt_tokens=tokens,
            completion_tokens=0,
            is_reported=True,
            at=moment(at),
        )
        company.runs.append(Run(one.meter.key, at, model, who.pk, source, tokens))


@dataclass
class Expected:
    """Certain sums by series, of all together, what may be more, and how long was seen closely."""

    sums: Counter[SeriesId] = field(default_factory=Counter)
    total: int = 0
    more: int = 0
    seen: int = 0
    has_stretches: bool = False


def passes(ids: Ids, filters: Sequence[Filter]) -> bool:
    for one in filters:
        values = ids.get(one.dimension)
        if values is not None and bool(set(values) & set(one.ids)) == one.is_not:
            return False
    return True


def expected(
    company: Company, metric: str, by: Sequence[Dimension], filters: Sequence[Filter], since: int, until: int
) -> Expected:
    """What is to be answered about [since, until)."""
    answer, ids = Expected(), company.model_ids()
    for one in company.told:
        kept = [
            (max(start, since), min(end, until), known)
            for start, end, known in company.owned[one.meter.pk]
            if max(start, since) < min(end, until) and passes(known, filters)
        ]
        line = one.ledger.lines[metric]
        cut = cut_stretches(one, metric, kept, answer)
        for series in line.series():
            model = ids[adapter.key(series, metric).model]
            if passes({Dimension.MODEL: (model,)}, filters):
                add(answer, line, series, model, kept, cut, by)
        for start, end, _ in kept:
            lengths = line.qualities(start, end)
            answer.seen += sum(lengths.get(quality, 0) for quality in claims.CLOSELY_SEEN)
    return answer


def cut_stretches(one: Told, metric: str, kept: Sequence[Owned], answer: Expected) -> list[tuple[int, int]]:
    """The stretches of which the question asks a part: nobody knows what was used in it."""
    found = []
    for start, end, quality in claims.stretches(one.ledger.lines, metric):
        within = sum(max(0, min(end, b) - max(start, a)) for a, b, _ in kept)
        answer.has_stretches |= within > 0
        if quality not in claims.CLOSELY_SEEN and 0 < within < end - start:
            found.append((start, end))
    return found


def add(
    answer: Expected,
    line: Line,
    series: Series,
    model: str,
    kept: Sequence[Owned],
    cut: Sequence[tuple[int, int]],
    by: Sequence[Dimension],
) -> None:
    for start, end, known in kept:
        amount = line.shown(series, start, end)
        for a, b in cut:
            if max(a, start) < min(b, end):
                amount -= line.shown(series, max(a, start), min(b, end))
        answer.total += amount
        for group in product(*({**known, Dimension.MODEL: (model,)}[one] for one in by)):
            answer.sums[group] += amount
    answer.more += sum(line.shown(series, a, b) for a, b in cut)


def expected_of_runs(
    company: Company, metric: str, by: Sequence[Dimension], filters: Sequence[Filter], since: int, until: int
) -> Expected:
    """What is to be answered of raxdash's own ledger."""
    answer, models = Expected(), company.model_ids()
    owned = {one.meter.key_id: company.owned[one.meter.pk] for one in company.told}
    for run in company.runs:
        known = next(known for start, end, known in owned[run.key.pk] if start <= run.at < end) | {
            Dimension.MODEL: (models[run.model],),
            Dimension.MEMBER: (str(run.member),),
            Dimension.SOURCE: (run.source,),
        }
        if since <= run.at < until and passes(known, filters):
            amount = run.tokens if metric == "tokens" else 1
            answer.total += amount
            for group in product(*(known[one] for one in by)):
                answer.sums[group] += amount
    return answer
