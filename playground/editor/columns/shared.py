"""What columns have of one another stands once, above or below them, and each shows only its own."""

from collections.abc import Sequence

from playground.editor.columns.columns import Column

# The next message goes to all, from two columns on; they have room for what is said before it.
FEWEST = {"message": 2, "system_prompt": 3, "messages_before": 3}


def shared_texts(columns: Sequence[Column]) -> set[str]:
    """Return the fields whose words all columns have, where there are enough columns to show them once."""
    forms = [column.form for column in columns if column.form]
    if len(forms) < len(columns):
        return set()
    return {
        name
        for name, fewest in FEWEST.items()
        if len(columns) >= fewest
        and all(name in form.linked for form in forms)
        and len({str(form[name].value() or "") for form in forms}) == 1
    }
