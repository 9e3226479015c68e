"""The proof of a page's numbers: what the provider said, how it was seen, what raxdash itself spent of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self, cast

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.database.together import nothing, read, side_by_side
from common.fragments import render_fragment
from common.lists import ListAddress
from teams.http import Request
from teams.models import Team
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.claims import total
from usage.explore.asking import Asked, asked_of
from usage.explore.costs import Told
from usage.explore.proof import answers, formatted, own_words, periods, seen_buckets
from usage.explore.proof.chosen import Days, lines_of, meters_of, series_of
from usage.explore.proof.own_spend import own_spend
from usage.explore.proof.seen import SeenKey, Watch, seen_key, watches
from usage.explore.proof.sums import Adding, Meters
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.measures import Measure
from usage.explore.query.reader import read_query
from usage.explore.query.spans import Span
from usage.explore.reading.sums.source import Interval
from usage.explore.sheet.labels import span_label
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds
from usage.models import Facts, Meter, MeterQuerySet
from usage.prices.tariffs import Tariff

PER_PAGE = 50


@dataclass(frozen=True)
class Question:
    """What a page's address asks, as far as its proof needs it."""

    access: Access
    query: QueryDict
    now: datetime
    facts: Facts
    asked: Asked
    # Which models are asked for, as `SumOfModels` takes it.
    models: Mapping[str, Sequence[str]]
    # What providers tell of cost, where that is asked for.
    told: Told | None = None

    @classmethod
    def of(cls, request: Request, slug: str) -> Self:
        """Read the address; one query, two for billing periods, beside those of the access."""
        access, now = get_access(request, slug, UsageAct.SEE_USAGE), timezone.now()
        team, parts = access.team, dict(request.GET.lists())
        query = read_query(parts)[0]
        facts, models = read(
            side_by_side(Meter.objects.for_team(team).reading_facts(now), series_of(team, query.filters))
        )
        asks_cost = query.measure == Measure.COST and facts.costing
        asked, told = read(
            side_by_side(
                asked_of(team, facts, parts, now), Told.of(team, facts) if asks_cost else nothing(None)
            )
        )
        return cls(access, request.GET, now, facts, asked, models, told)

    @property
    def team(self) -> Team:
        """The team that is asked about."""
        return self.access.team

    @property
    def metric(self) -> str:
        """What is counted: of a cost the tokens that it is of."""
        return self.asked.placed.query.measure.seen_as.value

    @cached_property
    def tariff(self) -> Tariff | None:
        """The cost that providers tell, where that is asked for; None where nobody tells it. One query."""
        if self.told is None or self.asked.placed.query.filtered(Dimension.MODEL):
            return None
        meters = frozenset(self.chosen.values_list("pk", flat=True)) if self.meters else None
        return self.told.tariff(meters, self.facts.told)

    @property
    def _without_proof(self) -> str:
        """Why no cost is proven though one is asked for, in a sentence."""
        if self.asked.placed.query.measure != Measure.COST or self.tariff:
            return ""
        return "No provider tells this cost: here are the tokens that it is of."

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Of what it is asked."""
        return self.asked.placed.query.filters

    @property
    def span(self) -> Span:
        """The time that is asked for."""
        return self.asked.placed.span

    @cached_property
    def days(self) -> Days:
        """The local days of the span, no later than today, and whose attributes count."""
        today = self.team.day_of(self.now) if self.asked.placed.query.attributes_of_today else None
        return Days(*self.asked.placed.days, self.team.zone, today)

    @cached_property
    def meters(self) -> Q:
        """Which accounts are asked for."""
        return meters_of(self.filters, self.days)

    @property
    def chosen(self) -> MeterQuerySet:
        """These accounts, in no order."""
        return Meter.objects.for_team(self.team).filter(self.meters).order_by()

    @property
    def interval(self) -> Interval:
        """The span up to now in microseconds, on quarters of an hour."""
        now, span = microseconds(self.now), self.span
        until = min(microseconds(span.end), -(-now // QUARTER) * QUARTER)
        return microseconds(span.start), max(until, microseconds(span.start) + QUARTER)

    @property
    def context(self) -> dict[str, Any]:
        """What all parts of the proof show."""
        kept = self.query.copy()
        kept.pop("page", None)
        return {
            "question": self,
            "query": kept.urlencode(),
            "span_label": span_label(self.span),
            "metric": self.metric,
            "models": self.models,
            "problem": " ".join(filter(None, (self.asked.problem, self._without_proof))),
        }


@require_safe
def proof(request: Request, slug: str) -> HttpResponse:
    """Show what the provider last said of each billing period, what is shown, and why they may differ."""
    question = Question.of(request, slug)
    span = question.span
    tariff = question.tariff
    asked = periods.Asked(
        question.team,
        span.start,
        span.end,
        question.now,
        tariff.metric if tariff else question.metric,
        question.meters,
        question.models,
        question.facts.days_zone,
        tariff.currency if tariff else "",
    )
    page = periods.proven_periods(asked, QuestionAddress(question.query), request.GET.get("page", ""))
    context = {"page": page, "tariff": tariff}
    return render(request, "usage/explore/proof/periods.html", question.context | context)


@require_safe
def seen(request: Request, slug: str) -> HttpResponse:
    """Show how each account, and each bucket, was seen."""
    question = Question.of(request, slug)
    team, now, zone = question.team, question.now, question.facts.days_zone
    found = watches(team, question.meters, question.metric, now)
    page = QuestionAddress(question.query).page_of(cast("Any", found), PER_PAGE)
    chosen, facts = None, question.facts
    if question.meters:
        chosen = {watch.meter_id for watch in found}
        facts = question.chosen.facts(now)
    buckets = seen_buckets.seen_buckets(team, question.span, facts, zone, now, chosen)
    since = min((microseconds(start) for start, _, _ in facts.spans), default=None)
    context = {
        "page": page,
        "keys": _seen_keys(question, watching := list(page), [watch.meter_id for watch in watching]),
        "buckets": buckets,
        "measured": seen_buckets.share_of(buckets, since),
    }
    return render(request, "usage/explore/proof/seen.html", question.context | context)


@require_safe
def own(request: Request, slug: str) -> HttpResponse:
    """Show what raxdash itself spent beside what the provider counts."""
    question = Question.of(request, slug)
    span, team = question.span, question.team
    lines = lines_of(team, question.filters, question.days, question.models)
    found = own_spend(team, span.start, min(span.end, question.now), question.metric, lines)
    watching = watches(team, question.meters, question.metric, question.now)
    keys = _seen_keys(question, watching, question.chosen.values("pk"))
    keys.sort(key=lambda key: (-found.of(key.watch.meter_id).total, -key.used.certain, key.watch.name))
    rows = [(key, found.of(key.watch.meter_id)) for key in keys]
    provider = total(key.used for key in keys)
    context = {
        "own": found,
        "told": _linked(
            question, own_words.told(found, found.counted, provider, [key.watch.name for key in keys])
        ),
        "estimate": own_words.estimate(found, found.counted),
        "rows": [(key, own_words.told(found, spent, key.used), spent) for key, spent in rows[:PER_PAGE]],
        "more": max(len(rows) - PER_PAGE, 0),
        "untold": found.untold,
        "untold_shares": found.shares(found.untold),
    }
    return render_fragment(request, "usage/explore/proof/own.html", "own-line", question.context | context)


def _linked(question: Question, told: own_words.Told) -> own_words.Told:
    """The same, each member with the question about theirs alone."""
    query = question.asked.placed.query
    shares = [
        replace(share, address=query.only(Dimension.MEMBER, str(share.member_id)).address())
        if share.member_id
        else share
        for share in told.shares
    ]
    return replace(told, shares=shares)


class QuestionAddress(ListAddress):
    """A list in the address of a question: turning its pages keeps all of it."""

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self._question = query

    def query(self, **changes: str) -> str:
        """Return the address of this question with another page."""
        query = self._question.copy()
        query.pop("page", None)
        if changes.get("page", "1") != "1":
            query["page"] = changes["page"]
        return f"?{query.urlencode()}"


def _seen_keys(question: Question, found: list[Watch], meters: Meters) -> list[SeenKey]:
    """What each account used in the span, and how that was seen; one query."""
    adding = Adding(question.team, question.metric, question.facts.days_zone, question.models)
    sums = adding.sums({question.interval: meters}, with_time=True)
    return [seen_key(watch, question.interval, sums) for watch in found]


@require_safe
def raw_answers(request: Request, slug: str, meter_id: int, began: int) -> HttpResponse:
    """Show the raw answers about one billing period of one account, and whether each counts."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    period = answers.find_period(access.team, meter_id, began)
    address = ListAddress(request.GET, answers.SHOWN)
    page = answers.answers_of(period, address, timezone.now())
    context = {"period": period, "page": page, "address": address, "now": timezone.now()}
    return render(request, "usage/explore/proof/answers.html", context)


@require_safe
def raw_answer(request: Request, slug: str, poll_id: int) -> HttpResponse:
    """Show one raw answer as it came."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    poll = answers.find_poll(access.team, poll_id)
    root = poll.meter.root()
    (listed,) = answers.judged(root, [poll])
    text = formatted.formatted(poll.body.text) if poll.body else ""
    context = {
        "listed": listed,
        "poll": poll,
        "meter": root,
        "text": text,
        "is_cut": poll.body is not None and (poll.body.is_cut or formatted.is_cut(poll.body.text, text)),
        "breakdown": sorted(poll.breakdown.items()),
        "limits": sorted(poll.limits.items()),
        "began": answers.began_of(root, poll),
    }
    return render(request, "usage/explore/proof/answer.html", context)
