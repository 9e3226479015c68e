"""A form without errors, and the run that it asks for."""

from playground.editor.form.run_form import RunForm
from playground.editor.start.starting import Wish
from teams.models import Membership


def wish_of(member: Membership, form: RunForm) -> Wish:
    """Return the run that a form without errors asks for."""
    data = form.cleaned_data
    return Wish(
        member=member,
        key=data["key"],
        idempotency_key=data["idempotency_key"],
        model=data["model"],
        parameters=form.parameters(),
        system_prompt=data["system_prompt"],
        message=data["message"],
        template=data["template"],
        messages_before=data["messages_before"],
        conversation_id=data["conversation"],
        after=data["after"],
        instead_of=data["instead_of"],
        draft=data["draft"],
    )
