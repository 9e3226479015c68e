"""What is sent of a conversation: the words so far, and the new ones."""

from collections.abc import Iterable

from playground.models import Run


def messages_for(system_prompt: str, turns: Iterable[Run], message: str) -> list[dict[str, str]]:
    """Return the messages as they are sent: system prompt, the turns that were answered, the new message."""
    messages = [{"role": "system", "content": system_prompt}] if system_prompt.strip() else []
    for run in turns:
        if run.text and run.erased_at is None:
            messages.append({"role": "user", "content": run.message})
            messages.append({"role": "assistant", "content": run.text})
    return [*messages, {"role": "user", "content": message}]
