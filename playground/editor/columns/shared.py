"""What columns have of one another: from three on it stands once above them, and each shows only its own."""

from collections.abc import Sequence

from playground.editor.columns.columns import Column

SHARED = ("system_prompt", "messages_before", "message")
# Two columns have room for what they have in common.
FEWEST = 3


def shared_texts(columns: Sequence[Column]) -> set[str]:
    """Return the fields whose words three or four columns have of one another: they stand once above them."""
    forms = [column.form for column in columns if column.form]
    if len(forms) < len(columns) or len(columns) < FEWEST:
        return set()
    return {
        name
        for name in SHARED
        if all(name in form.linked for form in forms)
        and len({str(form[name].value() or "") for form in forms}) == 1
    }
