"""Write server-sent events (HTML Standard, "Server-sent events") that no text can break out of."""

from uuid import UUID

HEARTBEAT = b": still here\n\n"
# The page closes its connection and fetches the run anew. Sent at the end, and instead of any refusal.
CLOSED = b"event: closed\ndata: closed\n\n"


def ended(run_id: UUID) -> bytes:
    """Return the event of one run's end, while others go on: the page fetches that turn anew."""
    return f"event: ended-{run_id}\ndata: ended\n\n".encode()


def message(markup: str, number: str) -> bytes:
    """Return one unnamed event. Every line gets a prefix of its own: a blank one stays inside."""
    if "\r" in markup:
        markup = markup.replace("\r\n", "\n").replace("\r", "\n")
    lines = markup.replace("\n", "\ndata: ")
    return f"id: {number}\ndata: {lines}\n\n".encode("utf-8", "replace")


def partial(element_id: str, swap: str, markup: str) -> str:
    """Return markup for one place of the page (htmx 4 `<hx-partial>`)."""
    return f'<hx-partial hx-target="#{element_id}" hx-swap="{swap}">{markup}</hx-partial>'
