"""What the people ran in the playground: written and ended as runs are, at times that have passed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from playground.editor.columns.addresses import page_url
from playground.editor.form.variables import texts_in, with_values
from playground.editor.start.starting import Wish, compose, find_conversation
from playground.live.outcome.outcomes import store
from playground.live.outcome.raw_lines import put
from playground.live.outcome.spending import Spender
from playground.models import Conversation, Run
from playground.search import index
from playground.text.variables import names
from raxdash.demonstration import raw_lines
from raxdash.demonstration.cast import access_of, is_member
from raxdash.demonstration.outcomes import Asked, outcome_of
from raxdash.demonstration.prompts import TALKS, Prompt, Talk
from raxdash.demonstration.story import Story
from teams.models import Key, Team

# Between the end of an answer and the next message.
READING = timedelta(seconds=50)
SATURDAY = 5


def fill(story: Story) -> None:
    """Let everybody have run what they did, where nobody has run anything yet."""
    if Conversation.objects.for_team(story.team).exists():
        return
    for number, talk in enumerate(TALKS):
        at = begun_at(story, talk)
        if is_member(story.team, talk.author) and story.holds(at):
            hold(story, number, talk, at)


def begun_at(story: Story, talk: Talk) -> datetime:
    """When a conversation began; one of a week-end was held on the Friday before."""
    at = story.at(talk.days_ago, talk.clock)
    return at - timedelta(days=max(0, at.weekday() - SATURDAY + 1))


@transaction.atomic
def hold(story: Story, number: int, talk: Talk, at: datetime) -> None:
    """Store a whole conversation, turn by turn."""
    begun, conversation = at, None
    runs: list[Run] = []
    for turn, prompt in enumerate(talk.prompts):
        wish = wish_of(story, talk, prompt, name_of(story.team, number, turn), conversation)
        if prompt.instead_of is not None:
            wish = replace(wish, instead_of=runs[prompt.instead_of].pk)
        run = carry_out(wish, prompt, at, story.now)
        runs.append(run)
        conversation = run.conversation
        at = (run.finished_at or at) + READING + timedelta(seconds=len(run.answer) / 40)
    if conversation:
        Conversation.objects.filter(pk=conversation.pk).update(created_at=begun)


def name_of(team: Team, number: int, turn: int) -> str:
    """What the runs of the demonstration are told apart by: the talk's number, and the turn's."""
    return f"raxdash:demo:{team.pk}:{number}:{turn}"


def columns_page(team: Team) -> str:
    """The address of the page on which the same was asked in columns; empty where not all of it is left."""
    numbers = [number for number, talk in enumerate(TALKS) if talk.is_column]
    keys = [uuid5(NAMESPACE_URL, name_of(team, number, 0)) for number in numbers]
    found = {run.idempotency_key: run for run in Run.objects.for_team(team).filter(idempotency_key__in=keys)}
    if len(found) < len(keys):
        return ""
    return page_url(team.slug, [found[key].conversation_id for key in keys])


def wish_of(story: Story, talk: Talk, prompt: Prompt, name: str, conversation: Conversation | None) -> Wish:
    """Return what was asked for, as the form of the playground would."""
    typed = {"system_prompt": talk.system, "message": prompt.message}
    sent = with_values(typed, prompt.values)
    changed = {name: text for name, text in typed.items() if text != sent[name]}
    return Wish(
        member=access_of(story.team, talk.author).membership,
        key=Key.objects.get(team=story.team, name=talk.key.name),
        idempotency_key=uuid5(NAMESPACE_URL, name),
        model=talk.model,
        parameters={**prompt.parameters, "stream": True},
        system_prompt=sent["system_prompt"],
        message=sent["message"],
        template={**changed, "values": values_for(typed, prompt)} if changed else None,
        messages_before=prompt.before,
        conversation_id=conversation.pk if conversation else None,
    )


def values_for(typed: dict[str, str], prompt: Prompt) -> dict[str, str]:
    """Return the values of the variables of these texts."""
    return {name: prompt.values[name] for name in names(texts_in(typed))}


def carry_out(wish: Wish, prompt: Prompt, at: datetime, now: datetime) -> Run:
    """Store a run that began at an instant, how it ended, what of it is still kept, and its line of usage."""
    conversation, turns = find_conversation(wish)
    run, messages = compose(wish, conversation, turns, at)
    run.started_at = at
    run.save(force_insert=True)
    outcome = outcome_of(Asked(run, messages, at), prompt)
    if raw_lines.is_kept(run, at, now):
        outcome = replace(outcome, recording=raw_lines.recorded(run, outcome, prompt.stall_ms))
    mine = Run.objects.filter(pk=run.pk)
    store(mine, outcome)
    put(mine, outcome)
    index.put(mine)
    Spender.of(run).record(outcome)
    return Run.objects.select_related("conversation").get(pk=run.pk)
