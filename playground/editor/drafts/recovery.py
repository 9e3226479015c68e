"""What a browser kept of a page that could not be saved, brought here later: by a page that came after it."""

from playground.editor.columns.fields_typed import same_words
from playground.editor.drafts.drafts import has_words
from playground.editor.drafts.saving import NEVER, SENT, Choice, Outcome, Typed, save_draft
from playground.models import Draft, DraftState, Run
from teams.models import Membership


def recover_draft(member: Membership, typed: Typed) -> Outcome:
    """Keep what a browser kept of an earlier page, beside whatever was written since.

    It `is_gone` where it was known here already, or sent since from elsewhere; so are settings without a word
    where something newer was written.
    """
    if was_known(member, typed) or was_sent(member, typed) or gives_way(member, typed):
        return Outcome(is_gone=True, why=SENT)
    return save_draft(member, typed, Choice.BOTH)


def was_known(member: Membership, typed: Typed) -> bool:
    """Tell whether a draft of the member has held the same."""
    states = DraftState.objects.filter(draft__in=Draft.objects.of(member))
    return any(same_words(state.columns, typed.columns) for state in states)


def was_sent(member: Membership, typed: Typed) -> bool:
    """Tell whether all messages of a page have been sent since its columns began to wait for them."""
    # A page that knows of no time cannot tell what was sent since from what was sent long ago.
    since = typed.waited_since or [typed.seen or NEVER] * len(typed.columns)
    found = [
        (column["message"], began)
        for column, began in zip(typed.columns, since, strict=True)
        if column.get("message", "").strip()
    ]
    mine = Run.objects.filter(team=member.team_id, author=member.user_id)
    return bool(found) and all(
        began > NEVER and mine.filter(message=message, created_at__gt=began).exists()
        for message, began in found
    )


def gives_way(member: Membership, typed: Typed) -> bool:
    """Tell whether a page without a message is older than what was written elsewhere."""
    others = Draft.objects.of(member).exclude(page__in=[key for key in (typed.page, typed.base) if key])
    newer = others.filter(saved_at__gt=typed.seen or NEVER)
    return not has_words(typed.columns) and newer.exists()
