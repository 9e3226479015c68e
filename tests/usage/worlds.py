"""Random worlds for the ledger: what was truly used, and what a provider told of it.

Nothing here knows the fold.
"""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import strategies as st

from usage.ledger import REQUESTS, TOKENS, SeriesKey, poll_of

SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
START = 1_700_000_100 * SECOND
INTERVAL = 300 * SECOND
MODELS = ("rax-4.0", "rax-4.5", None)


@dataclass
class World:
    """Usage events (at, model or None where the provider never says, tokens) and billing periods."""

    events: list
    starts: list
    polls_at: list
    adjustments: list = field(default_factory=list)

    def start_of(self, at):
        """The period of an answer given at `at`: usage at its very start belongs to the one before."""
        return max(start for start in self.starts if start < at)

    def end_of(self, at):
        later = [start for start in self.starts if start >= at]
        return min(later, default=None)

    def used(self, since, until):
        """Tokens by model truly used in (since, until]."""
        used: Counter[str | None] = Counter()
        for at, model, tokens in self.events:
            if since < at <= until:
                used[model] += tokens
        return used

    def answer(self, at):
        """The poll an honest provider answers at `at`."""
        start = self.start_of(at)
        used = self.used(start, at)
        requests = Counter(model for when, model, _ in self.events if start < when <= at)
        models = {SeriesKey(model, TOKENS): used[model] for model in used if model}
        models |= {SeriesKey(model, REQUESTS): requests[model] for model in requests if model}
        totals = {TOKENS: used.total(), REQUESTS: requests.total()}
        return poll_of(at, at, start, self.end_of(at), totals, models, INTERVAL)

    def polls(self):
        return [self.answer(at) for at in self.polls_at]


instants = st.integers(START, START + 6 * DAY)
periods = st.lists(
    st.integers(1, 5 * 24 * 4).map(lambda quarters: START + quarters * HOUR // 4), max_size=3, unique=True
)


@st.composite
def honest_worlds(draw, least_polls=1):
    """A provider that counts right: it rolls over, and polls are taken at any time, with any gaps."""
    events = draw(st.lists(st.tuples(instants, st.sampled_from(MODELS), st.integers(1, 5_000)), max_size=25))
    starts = sorted([START - DAY, *draw(periods)])
    polls_at = draw(st.lists(instants, min_size=least_polls, max_size=15, unique=True))
    return World(events, starts, sorted(polls_at))


@st.composite
def answers(draw):
    """A provider that says anything at all, though of three periods and two models."""
    totals = {metric: draw(st.integers(0, 60)) for metric in (TOKENS, REQUESTS)}
    models = draw(
        st.dictionaries(
            st.builds(SeriesKey, st.sampled_from(MODELS[:2]), st.sampled_from((TOKENS, REQUESTS))),
            st.integers(0, 40),
        )
    )
    start = START + draw(st.sampled_from((0, 5, 9))) * HOUR
    asked = START + draw(st.integers(0, 200)) * HOUR // 10
    return poll_of(
        asked, asked, start, start + draw(st.sampled_from((4, 5, 8))) * HOUR, totals, models, INTERVAL
    )


chaos = st.lists(answers(), min_size=1, max_size=14)
