"""Many runs that are over, with words as texts have them: a few are everywhere, most are rare."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, batched

from django.db import connection, transaction

from playground.models import Conversation, Run, RunState, SearchText
from playground.search.entries import Entry
from teams.models import Membership, Team

VOCABULARY = [f"w{number}" for number in range(5_000)]
# As in a language: the second word is half as frequent as the first, the third a third.
WEIGHTS = list(accumulate(1 / (number + 1) for number in range(len(VOCABULARY))))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BETWEEN = timedelta(minutes=4)
ASKED, ANSWERED = 20, 130
TURNS = 3
AT_ONCE = 1_000
FAILED_EACH, RARE_EACH, NAMED_EACH = 50, 5_000, 40


def build(count: str) -> None:
    """Make so many runs of the one team, in conversations of three turns, and index them."""
    team, chosen = Team.objects.get(), random.Random(1)  # noqa: S311  the same texts each time
    author = Membership.objects.filter(team=team).values_list("user_id", flat=True).first()
    for numbers in batched(range(int(count)), AT_ONCE, strict=False):
        with transaction.atomic():
            save(list(made(team, author, numbers, chosen)))
    if connection.vendor == "postgresql":  # which does it by itself, sooner or later
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def made(team: Team, author: int | None, numbers: tuple[int, ...], chosen: random.Random) -> Iterator[Run]:
    """Yield runs; of every three the first begins a conversation."""
    conversation = None
    for number in numbers:
        if conversation is None or number % TURNS == 0:
            conversation = Conversation(team=team, author_id=author, title=f"Conversation {number}")
        yield Run(
            team=team,
            conversation=conversation,
            turn=number % TURNS + 1,
            author_id=author,
            model="rax-rare" if number % RARE_EACH == 0 else "rax-4.0",
            source="playground",
            reasoning="",
            system_prompt="",
            refusal="",
            parameters={"stream": True, "temperature": number % 5 / 10},
            message=" ".join(chosen.choices(VOCABULARY, cum_weights=WEIGHTS, k=ASKED)),
            answer=" ".join([*chosen.choices(VOCABULARY, cum_weights=WEIGHTS, k=ANSWERED), *marks(number)]),
            state=RunState.FAILED if number % FAILED_EACH == 0 else RunState.COMPLETED,
            created_at=BEGIN + number * BETWEEN,
            prompt_tokens=ASKED,
            completion_tokens=ANSWERED,
        )


def marks(number: int) -> list[str]:
    """Return words that are in every second run and never together, and some that are parts of others."""
    named = ["getUserNameOf", "我们的数据库"] if number % NAMED_EACH == 0 else []
    return ["even" if number % 2 == 0 else "odd", *named]


def save(runs: list[Run]) -> None:
    """Write runs with their conversations, and what they are found by."""
    Conversation.objects.bulk_create({run.conversation.pk: run.conversation for run in runs}.values())
    Run.objects.bulk_create(runs)
    entries = [(run, Entry.of(run, None)) for run in runs]
    SearchText.objects.bulk_create(
        SearchText(id=entry.place, run=run, team_id=run.team_id, words=entry.words, terms=entry.terms)
        for run, entry in entries
    )
