"""Write a run's row and the order to carry it out: everything before the first byte is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, UUIDField
from django.utils import timezone

from common.database.prepared import TEAM, USER, Given, Prepared
from common.database.single_rows import SingleRows
from common.templatetags.times import length
from playground.editor.drafts.drafts import forget_sent
from playground.editor.form.variables import typed_earlier
from playground.editor.turns.branches import Tree, beside
from playground.editor.turns.dialogue import dialogue, left_out
from playground.editor.turns.remarks import GO_ON
from playground.live.limits import why_no_more
from playground.live.outcome.orders import Order
from playground.live.outcome.spending import Spender, Spending
from playground.live.process_log import log
from playground.live.storage import OWNER
from playground.models import LEASE, Conversation, Run
from playground.models.runs import Typed
from playground.requests import Message, earlier_messages, expected, parameters_of
from teams.models import Key, Membership

BUSY = "The last answer is still being written. Wait for it, or stop it."
UNSAVED = "The last answer is finished, but not saved yet. Nothing was sent: try again in a moment."
STOPPING = "This server is being stopped and takes no new runs. Nothing was sent: try again in a moment."
GONE = "The turn that this goes on from is not there any more. Nothing was sent: reload the page."
NOT_YOURS = "Only its author goes on with a conversation. Start one of your own."
# What is read of the turns so far.
REPEATED = (
    *("turn", "parent", "created_at", "state", "erased_at", "system_prompt", "message", "messages_before"),
    *("messages", "answer", "refusal", "tool_calls"),
)
RUN_ROWS, CONVERSATION_ROWS = SingleRows(Run), SingleRows(Conversation)


class CannotStart(Exception):
    """The run cannot be started; the message says why, in the user's words."""


class MustWait(CannotStart):
    """The key's limits do not allow a request yet; `seconds` says for how long."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(f"Nothing was sent. {reason} Try again in {length(seconds)}.")
        self.reason, self.seconds = f"Nothing was sent. {reason}", seconds


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that somebody asks for, checked."""

    member: Membership
    key: Key
    idempotency_key: UUID
    model: str
    parameters: dict[str, Any]
    system_prompt: str
    message: str
    # What was typed for those, and the values that were filled in; None where nothing was.
    template: dict[str, Any] | None = None
    # What was typed to stand between the turns so far and the message.
    messages_before: Sequence[Typed] = ()
    conversation_id: UUID | None = None
    # The last turn that its page shows: the branch that it goes on with. Without, that is the newest.
    after: UUID | None = None
    # The turn in whose place it stands, as another version.
    instead_of: UUID | None = None
    # The turn that it is about, right after which it stands.
    follows: UUID | None = None
    # The page that wrote the draft with which its form began.
    draft: UUID | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """The run that a wish led to; `order` is None where there is nothing to carry out.

    It `is_repeated` where an earlier press of the button started it.
    """

    run: Run
    order: Order | None
    is_repeated: bool = False


def start(wish: Wish) -> Start:
    """Write the run, once per idempotency key. Raises `CannotStart`."""
    return once(wish, lambda: write_run(wish))


def once(wish: Wish, write: Callable[[], Start]) -> Start:
    """Return what `write` starts, or what the same form has started already. Raises `CannotStart`."""
    if earlier := same_wish(wish):
        return Start(earlier, None, is_repeated=True)
    try:
        with transaction.atomic():
            started = write()
            sent = filter(None, [wish.idempotency_key, wish.draft])
            forget_sent(wish.member, sent, branches_left(wish, started.run))
            return started
    except (IntegrityError, CannotStart):
        # A double click: the other press of the button came first, while this one waited for it.
        if earlier := same_wish(wish):
            return Start(earlier, None, is_repeated=True)
        raise


def branches_left(wish: Wish, run: Run) -> set[UUID]:
    """Return the turns that are in the newest branch no more, where a run begins another one."""
    return beside(run) if wish.instead_of or wish.follows else set()


IDEMPOTENCY_KEY = Given("idempotency_key", UUIDField())


@Prepared
def _same() -> QuerySet[Run, Any]:
    """The run of one form."""
    return Run.objects.filter(team=TEAM, author=USER, idempotency_key=IDEMPOTENCY_KEY).values("pk")


def same_wish(wish: Wish) -> Run | None:
    """Return the run that this very form has started already: nearly always there is none."""
    mine = {TEAM.name: wish.member.team_id, USER.name: wish.member.user_id}
    found = _same.rows({**mine, IDEMPOTENCY_KEY.name: wish.idempotency_key})
    return Run.objects.with_people().get(pk=found[0]["pk"]) if found else None


def write_run(wish: Wish) -> Start:
    """Write the run as the next turn of its conversation, and take its place within the key's limits."""
    conversation, turns = find_conversation(wish)
    run, messages = compose(wish, conversation, turns, timezone.now())
    if why := why_no_more(wish.member):
        raise CannotStart(why)
    order = order_for(run, wish.key, messages)
    # In the order in which a key is deleted: its window, then what belongs to the key.
    if refusal := order.spending.reserve():
        raise MustWait(refusal.reason, refusal.retry_after_seconds)
    RUN_ROWS.insert(run)
    return Start(run, order)


def compose(
    wish: Wish, conversation: Conversation, turns: list[Run], now: datetime
) -> tuple[Run, list[Message]]:
    """Return the next turn of a conversation, not saved yet, and the messages that are sent for it."""
    run = next_turn(wish, conversation, turns, now)
    messages = dialogue(turns, run)
    run.messages = run.own_messages()
    request = expected(wish.key.base_url, run.model, messages, run.parameters)
    run.request, run.request_digest = request.text, request.digest
    return run, messages


def next_turn(wish: Wish, conversation: Conversation, turns: list[Run], now: datetime) -> Run:
    """Return what is asked for as the next turn of a conversation, before its request is put together."""
    return Run(
        team=wish.member.team,
        conversation=conversation,
        turn=turns[-1].turn + 1 if turns else 1,
        parent=turns[-1] if turns else None,
        author=wish.member.user,
        key=wish.key,
        idempotency_key=wish.idempotency_key,
        model=wish.model,
        parameters=wish.parameters,
        system_prompt=wish.system_prompt if wish.system_prompt.strip() else "",
        message=wish.message,
        template=wish.template,
        messages_before=list(wish.messages_before) or None,
        left_out=left_out(turns),
        owner=OWNER,
        created_at=now,
        lease_expires_at=now + LEASE,
    )


def find_conversation(wish: Wish) -> tuple[Conversation, list[Run]]:
    """Return the conversation to go on with and its turns so far, or a new one without any."""
    member = wish.member
    if wish.conversation_id is None:
        return begun_conversation(wish), []
    # Held until the turn is written: nobody else goes on with it meanwhile, and no words in it are erased.
    conversations = Conversation.objects.for_team(member.team).select_for_update()
    conversation = conversations.filter(pk=wish.conversation_id).first()
    if conversation is None or conversation.author_id != member.user_id:
        raise CannotStart(NOT_YOURS)
    tree = Tree(conversation.runs.only(*REPEATED))
    if live := [run.pk for run in tree.runs if run.is_live()]:
        raise CannotStart(UNSAVED if log.is_finished(live[-1]) else BUSY)
    return conversation, turns_before(tree, wish)


def begun_conversation(wish: Wish) -> Conversation:
    """Write a new conversation that begins with what is wished for."""
    title = Conversation.title_of(wish.message)
    conversation = Conversation(team=wish.member.team, author=wish.member.user, title=title)
    CONVERSATION_ROWS.insert(conversation)
    return conversation


def turns_before(tree: Tree, wish: Wish) -> list[Run]:
    """Return the turns of a conversation that a wish goes on from. Raises `CannotStart`.

    What was written after the last one that its page shows, in another tab perhaps, is among them.
    """
    named = wish.follows or wish.instead_of or wish.after
    if named and named not in tree.by_id:
        raise CannotStart(GONE)
    if wish.follows:
        return tree.path_to(tree.by_id[wish.follows])
    if wish.instead_of:
        return tree.before(tree.by_id[wish.instead_of])
    last = tree.newest_below(tree.by_id[wish.after]) if wish.after else None
    return tree.path_to(last or (tree.runs[-1] if tree.runs else None))


def order_for(run: Run, key: Key, messages: list[Message]) -> Order:
    """Return what the runner needs to carry out this run with this key: these are sent."""
    return Order(
        run_id=run.pk,
        base_url=key.base_url,
        model=run.model,
        messages=messages,
        parameters=run.parameters,
        secret=key.reveal_secret,
        spending=Spending(Spender.of(run), key, messages, run.most_tokens),
        timeouts=key.timeouts(),
    )


def onward(run: Run, member: Membership, key: Key, idempotency_key: UUID) -> Wish:
    """Return the wish to have an answer gone on with: its words are sent, and that it is to go on."""
    same = again(run, member, key, idempotency_key)
    template = run.template and {**run.template, "message": GO_ON}
    if template:
        template.pop("messages_before", None)
    onto = replace(same, conversation_id=run.conversation_id, follows=run.pk, instead_of=None)
    return replace(onto, message=GO_ON, messages_before=(), template=template)


def again(run: Run, member: Membership, key: Key, idempotency_key: UUID) -> Wish:
    """Return the wish to ask the same once more, as another version of its turn in the author's conversation.

    For anybody else it begins a conversation, with all that was said before.
    """
    own = run.conversation.author_id == member.user_id
    template = run.template
    if template and not own:
        template = {**template, "messages_before": typed_earlier(run)}
    return Wish(
        member=member,
        key=key,
        idempotency_key=idempotency_key,
        model=run.model,
        parameters=parameters_of(run),
        system_prompt=run.system_prompt,
        message=run.message,
        template=template,
        messages_before=run.messages_before or () if own else earlier_messages(run),
        conversation_id=run.conversation_id if own else None,
        instead_of=run.pk if own else None,
    )
