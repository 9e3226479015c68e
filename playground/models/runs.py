"""A run: one request to a model and what became of it."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from common import clock
from playground.models.continuations import go_on
from playground.models.conversations import Conversation
from playground.models.drafts import AsTyped
from playground.models.endings import Ending, ending_of
from playground.models.states import LIVE_STATES, IsLive, RunState, StopCause
from teams.models import Key, Team, User
from usage.models import LocalUsage

# How long a run lives that its process has not said to be alive.
LEASE = timedelta(seconds=15)
# A message that somebody typed: its role and its text.
type Typed = dict[str, str]
# So much of an answer nearly always tells whether there is anything to read in it.
BEGINNING_CHARS = 100


class RunQuerySet(models.QuerySet["Run"]):
    """Answers which runs are live, lost, or somebody's; settles races by conditional updates. Of live runs it
    fetches all that is saved of their words, also what their rows do not hold."""

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new:
            go_on([found for found in self._result_cache or () if isinstance(found, Run)])

    def for_team(self, team: Team) -> Self:
        """Return the team's runs whose text was not erased, newest first."""
        return self.filter(team=team).with_words().order_by("-created_at", "-pk")

    def with_words(self) -> Self:
        """Return the runs whose text was not erased."""
        return self.filter(erased_at=None)

    def in_order_of(self, run_ids: Sequence[uuid.UUID]) -> list["Run"]:
        """Fetch those of these runs that have such ids, in the order of the ids."""
        found = self.in_bulk(run_ids)
        return [found[run_id] for run_id in run_ids if run_id in found]

    def with_endings(self) -> Self:
        """Fetch what tells whether there is an answer, where the answer itself is not fetched."""
        return self.annotate(answer_begins=Left("answer", BEGINNING_CHARS))

    def answered_already(self, team: Team, base_url: str, request_digest: str) -> Self:
        """Return the runs in which this team had this very request answered by this server, newest first."""
        same = self.for_team(team).filter(request_digest=request_digest, key__base_url=base_url)
        return same.filter(state=RunState.COMPLETED, stored_from=None).exclude(answer="", refusal="")

    def with_people(self) -> Self:
        """Fetch what a list or a turn shows beside the run itself."""
        return self.select_related("author", "key", "conversation", "stopped_by", "rating__author")

    def live(self) -> Self:
        """Return the runs that have not ended."""
        return self.filter(state__live=True)

    def owned_by(self, process: str) -> Self:
        """Return the live runs that this web process carries out."""
        return self.live().filter(owner=process)

    def lost(self, now: datetime) -> Self:
        """Return the live runs whose process has not renewed its lease."""
        return self.live().filter(lease_expires_at__lt=now)

    def shorten_leases(self, now: datetime) -> int:
        """Cut leases that a clock that was ahead gave; who carries those runs out renews them in time."""
        too_long = self.live().filter(clock.ahead("lease_expires_at", now + LEASE))
        # Nearly always there is none, and who only reads must not need to write.
        return too_long.update(lease_expires_at=now + LEASE) if too_long.exists() else 0

    def taken_for_lost(self) -> Self:
        """Return the runs that were ended because their process seemed to have gone away."""
        return self.filter(state=RunState.INTERRUPTED, stop_cause=StopCause.SERVER_LOST)

    def revive(self, now: datetime) -> int:
        """Let those of these runs go on that were taken for lost; tell how many."""
        unknown: dict[str, Any] = {"finished_at": None, "prompt_tokens": None, "completion_tokens": None}
        return self.taken_for_lost().update(
            state=RunState.RUNNING, stop_cause="", error_message="", lease_expires_at=now + LEASE, **unknown
        )

    def turns_of(self, conversation: Conversation) -> Self:
        """Return a conversation's runs in order, without the erased ones."""
        return self.filter(conversation=conversation).with_words().order_by("turn")

    def end(self, state: RunState, **fields: Any) -> int:
        """End those of these runs that are live, and tell how many: a run ends once, whoever comes first."""
        return self.live().update(
            state=state, lease_expires_at=None, **{"finished_at": timezone.now(), **fields}
        )


class Run(models.Model):
    """What was asked, as it was sent, and what came back, with its numbers.

    Times are aware UTC. `owner` names the web process that carries the run out; it renews
    `lease_expires_at` once a second. Erasing a run clears its words and keeps its numbers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="runs")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="runs")
    turn = models.PositiveIntegerField(default=1)
    # The turn that this one goes on from; where several go on from one, the conversation branches.
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="runs"
    )
    key = models.ForeignKey(Key, null=True, on_delete=models.SET_NULL, related_name="runs")
    idempotency_key = models.UUIDField(default=uuid.uuid4)
    # What asked for it.
    source = models.CharField(max_length=12, choices=LocalUsage.Source, db_default="playground")

    # What was sent
    model = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict)
    system_prompt = models.TextField(blank=True, db_default="")
    message = models.TextField(blank=True, db_default="")
    # What was typed for these two where it was not sent so, and what its variables stood for:
    # {"system_prompt": …, "message": …, "values": {name: value}}
    template = models.JSONField(null=True, encoder=AsTyped)
    # What was typed to stand before it: [{"role": …, "content": …}]; None where nothing was.
    messages_before = models.JSONField(null=True)
    # The body as it is sent, its messages named by the runs whose words they are, and its SHA-256.
    request = models.TextField(blank=True, db_default="")
    request_digest = models.CharField(max_length=64, blank=True, db_default="")
    # The turns of the conversation that are not in the request: [{"run": id, "why": LeftOut}]; None where
    # nobody wrote it down.
    left_out = models.JSONField(null=True)
    # The run whose stored answer this one was given, so that nothing was sent; it may be gone.
    stored_from = models.UUIDField(null=True)
    # Read by the version before only, which may still run during an update; the next version drops it.
    messages = models.JSONField(default=list)

    # How it goes
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.QUEUED)
    owner = models.CharField(max_length=80, blank=True)
    lease_expires_at = models.DateTimeField(null=True)
    stop_requested_at = models.DateTimeField(null=True)
    stop_cause = models.CharField(max_length=20, choices=StopCause, blank=True, db_default="")
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    # What came back: what the model thought, its answer, why it would not answer, and the tools it asked
    # for: [{"id": …, "name": …, "arguments": …}]
    reasoning = models.TextField(blank=True, db_default="")
    answer = models.TextField(blank=True, db_column="text")
    refusal = models.TextField(blank=True, db_default="")
    tool_calls = models.JSONField(null=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    request_id = models.CharField(max_length=200, blank=True)
    # The headers of the answer, without the key and other secrets; None where there was no answer.
    response_headers = models.JSONField(null=True)
    limits = models.JSONField(null=True)
    prompt_tokens = models.PositiveBigIntegerField(null=True)
    completion_tokens = models.PositiveBigIntegerField(null=True)
    tokens_reported = models.BooleanField(default=False)
    # Of the tokens of the answer those of thinking, of those of the prompt the cached ones; where reported.
    reasoning_tokens = models.PositiveBigIntegerField(null=True)
    cached_tokens = models.PositiveBigIntegerField(null=True)
    time_to_first_token_ms = models.PositiveBigIntegerField(null=True)
    # How long it thought aloud, and how long it was from its first piece to its last; None if not streamed.
    reasoning_ms = models.PositiveBigIntegerField(null=True)
    writing_ms = models.PositiveBigIntegerField(null=True)
    duration_ms = models.PositiveBigIntegerField(null=True)
    # What is to be said beside the answer: {Note: number}; None where there is nothing.
    notes = models.JSONField(null=True)
    error_kind = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    # What the API sent of its failure, as it came.
    error_body = models.TextField(blank=True, db_default="")
    # The HTTP status of its answer; 200 where it failed in mid-stream.
    error_status = models.PositiveIntegerField(null=True)
    error_code = models.CharField(max_length=200, blank=True)
    error_type = models.CharField(max_length=200, blank=True, db_default="")
    # The field of the request that the API named.
    error_param = models.CharField(max_length=200, blank=True, db_default="")
    # What helps, one of `teams.error_words.Remedy`; empty where nobody judged.
    error_remedy = models.CharField(max_length=10, blank=True, db_default="")
    retry_after_seconds = models.FloatField(null=True)
    maybe_billed = models.BooleanField(default=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_is_known"),
            models.UniqueConstraint(
                fields=["team", "author", "idempotency_key"], name="one_run_per_idempotency_key"
            ),
        ]
        indexes = [
            # for_team: the history, newest first.
            models.Index(fields=["team", "-created_at", "-id"], name="run_history"),
            # for_team of one author: "Mine".
            models.Index(fields=["team", "author", "-created_at", "-id"], name="run_history_of_author"),
            # answered_already: the same request again.
            models.Index(fields=["team", "request_digest"], name="run_by_request"),
            # owned_by, lost: what the saver asks every second, however long the history is.
            models.Index(
                fields=["owner", "lease_expires_at"],
                name="run_live",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.pk}"

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **given: Any
    ) -> Self:
        """Read a row; the version before, which may still run during an update, writes `messages` alone."""
        run = super().from_db(db, field_names, values, **given)
        messages = run.__dict__.get("messages")
        if messages and run.__dict__.get("message") == "":
            run.message = messages[-1]["content"]
            run.system_prompt = messages[0]["content"] if messages[0]["role"] == "system" else ""
        return run

    def own_messages(self) -> list[dict[str, str]]:
        """Return its own words as `messages` holds them for the version before."""
        system = [{"role": "system", "content": self.system_prompt}] if self.system_prompt else []
        return [*system, *(self.messages_before or []), {"role": "user", "content": self.message}]

    def is_live(self) -> bool:
        """Tell whether the run has not ended."""
        return self.state in LIVE_STATES

    @property
    def has_answer(self) -> bool:
        """Whether there is something to read in its answer; a list asks the database, by `with_endings`."""
        beginning: str | None = self.__dict__.get("answer_begins")
        if beginning is None or (len(beginning) == BEGINNING_CHARS and beginning.isspace()):
            beginning = self.answer
        return bool(beginning.strip())

    @property
    def ending(self) -> Ending | None:
        """How the answer ended, where it came to an end."""
        return ending_of(self)

    @property
    def end_words(self) -> str:
        """Its state in a word or two, told apart by how its answer ended."""
        ending = self.ending
        return str(ending.label if ending else RunState(self.state).label)

    @property
    def said(self) -> str:
        """What later messages are sent with of what came back: its answer, and why it would not go on."""
        return "\n\n".join(words for words in (self.answer, self.refusal) if words)

    @property
    def most_tokens(self) -> int | None:
        """How many tokens its answer may have, by whichever name that was said; None where nobody did."""
        names = ("max_tokens", "max_completion_tokens")
        return next((self.parameters[name] for name in names if self.parameters.get(name)), None)

    @property
    def total_tokens(self) -> int | None:
        """Tokens of prompt and answer, or None where nothing was sent."""
        if self.prompt_tokens is None or self.completion_tokens is None:
            return None
        return self.prompt_tokens + self.completion_tokens

    def request_stop(self, member: User) -> bool:
        """Ask the process that owns the run to end it; tell whether there was something to stop.

        Whoever asks first is who stopped it.
        """
        live = Run.objects.filter(pk=self.pk).live()
        first = live.filter(stop_requested_at=None).update(
            stop_requested_at=timezone.now(), stop_cause=StopCause.MEMBER, stopped_by=member
        )
        return bool(first) or live.exists()


Run._meta.get_field("state").register_lookup(IsLive)
