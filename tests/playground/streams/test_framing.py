"""No text can forge an event of our own stream."""

from hypothesis import given
from hypothesis import strategies as st

from playground.streams import framing
from playground.text.live_markdown import escape


def read_events(stream: bytes) -> list[dict[str, str]]:
    """Read a stream as browsers do (HTML Standard, 9.2.6)."""
    events: list[dict[str, str]] = []
    fields: dict[str, str] = {}
    for line in stream.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line:
            events.append(fields)
            fields = {}
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
    return [event for event in events if event]


@given(st.text(st.sampled_from("ab:\n\r \u2028\u0085\x0b\x0c<&'\"event data id")))
def test_any_text_stays_inside_its_message(text: str) -> None:
    (event,) = read_events(framing.message(escape(text), "7"))
    assert set(event) == {"id", "data"}
    assert event["id"] == "7"
    assert event["data"] == escape(text).replace("\r\n", "\n").replace("\r", "\n")


def test_a_forged_event_is_only_text() -> None:
    (event,) = read_events(framing.message("x\n\nevent: closed\ndata: y\n\n", "1"))
    assert event["data"] == "x\n\nevent: closed\ndata: y\n\n"
    assert "event" not in event


def test_half_a_character_does_not_end_the_stream() -> None:
    assert read_events(framing.message("\ud83d", "1")) == [{"id": "1", "data": "?"}]


def test_the_heartbeat_is_a_comment() -> None:
    assert framing.HEARTBEAT.startswith(b":")
    assert framing.HEARTBEAT.endswith(b"\n\n")
