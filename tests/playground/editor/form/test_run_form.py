"""A parameter that nobody sets is not sent, and a wrong one is told in words."""

import re
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from playground.editor.form.choices import Choices
from playground.editor.form.fields import MESSAGE_CHARS
from playground.editor.form.run_form import RunForm
from rax import DEFAULT_BASE_URL
from teams.models import Key, Membership
from tests.cast import Cast, make_key
from tests.playground.visitor import words
from usage.models import CatalogueModel


def choices(cast: Cast) -> Choices:
    return Choices.of(Membership.objects.get(user=cast.bob))


def form(cast: Cast, **fields: str) -> RunForm:
    data = {"message": "Hello", "model": "rax-4.0", "stream": "on", "idempotency_key": str(uuid4())}
    return RunForm(data | fields, choices=choices(cast))


def offer(cast: Cast, name: str = "rax-4.0", **fields: object) -> None:
    now = timezone.now()
    CatalogueModel.objects.create(
        team=cast.team, base_url=cast.key.base_url, name=name, first_seen_at=now, last_seen_at=now, **fields
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"key": str(uuid4())}, "The key that was chosen cannot be used any more: choose another."),
        ({"key": ""}, "Choose a key."),
        ({"message": "a\0b"}, "This holds a character that cannot be sent (NUL)."),
        ({"model": "m" * 201}, "A model's id has 200 characters at most; this has 201."),
    ],
)
def test_what_is_wrong_is_told_in_our_words(cast: Cast, fields: dict[str, str], words: str) -> None:
    make_key(cast.team, cast.alice, name="Another")
    given = {"key": str(cast.key.pk)} | fields
    assert form(cast, **given).errors_in_a_row == [words]


def test_nothing_set_is_nothing_sent(cast: Cast) -> None:
    empty = form(cast)
    assert empty.is_valid(), empty.errors
    assert empty.parameters() == {"stream": True}


def test_what_is_set_is_sent(cast: Cast) -> None:
    full = form(cast, temperature="0", top_p="0,5", max_tokens="1", stop="END\n\n  two words\n", stream="")
    assert full.is_valid(), full.errors
    assert full.parameters() == {
        "temperature": 0.0,
        "max_tokens": 1,
        "top_p": 0.5,
        "stop": ["END", "  two words"],
        "stream": False,
    }


def test_lines_are_sent_as_they_were_typed(cast: Cast) -> None:
    sent = form(cast, message="One\r\ntwo\r\n", system_prompt="Be\r\nbrief.\r")
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["message"] == "One\ntwo\n"
    assert sent.cleaned_data["system_prompt"] == "Be\nbrief.\r"


def test_the_longest_message_is_counted_in_lines_as_they_were_typed(cast: Cast) -> None:
    assert form(cast, message="a\r\n" * 200_000).is_valid()
    assert not form(cast, message="a\r\n" * 200_000 + "b").is_valid()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("temperature", "2.1", "Temperature goes from 0 to 2."),
        ("temperature", "-0.1", "Temperature goes from 0 to 2."),
        ("temperature", "warm", "Write a number from 0 to 2"),
        ("temperature", "nan", "Write a number from 0 to 2"),
        ("temperature", "1e999", "Write a number from 0 to 2"),
        ("top_p", "1.01", "Top P goes from 0 to 1."),
        ("max_tokens", "0", "Max tokens is at least 1."),
        ("max_tokens", "1.5", "Write a whole number"),
        ("message", "  \n", "Write a message first."),
        ("model", "", "Choose a model"),
        ("stop", "\n".join("abcdefghijklmnopqrstuvw"), "At most 16 stop sequences."),
    ],
)
def test_a_wrong_value_is_told_beside_its_field(cast: Cast, field: str, value: str, words: str) -> None:
    wrong = form(cast, **{field: value})
    assert not wrong.is_valid()
    assert words in wrong.errors[field][0]
    assert list(wrong.errors) == [field]


def test_max_tokens_end_where_the_model_ends(cast: Cast) -> None:
    offer(cast, max_tokens=100)
    assert form(cast, max_tokens="100").is_valid()
    assert "rax-4.0 writes at most 100 tokens." in form(cast, max_tokens="101").errors["max_tokens"]


def test_the_documented_maximum_counts_where_the_rax_api_names_none(cast: Cast) -> None:
    Key.objects.update(base_url=DEFAULT_BASE_URL)
    assert form(cast, max_tokens="4096").is_valid()
    assert not form(cast, max_tokens="4097").is_valid()


def test_other_servers_have_no_bound_of_ours(cast: Cast) -> None:
    assert form(cast, max_tokens="1000000").is_valid()


def test_a_single_key_needs_no_choice(cast: Cast) -> None:
    assert form(cast).fields["key"].widget.is_hidden
    chosen = form(cast)
    assert chosen.is_valid()
    assert chosen.cleaned_data["key"] == cast.key


def test_of_several_keys_one_is_chosen(cast: Cast) -> None:
    second = make_key(cast.team, cast.bob, "Second")
    assert not form(cast).is_valid()
    chosen = form(cast, key=str(second.pk))
    assert chosen.is_valid(), chosen.errors
    assert chosen.cleaned_data["key"] == second


def test_a_key_for_others_only_is_no_choice(cast: Cast) -> None:
    Key.objects.update(only_spenders=True)
    assert "There is no key to run with." in str(form(cast).non_field_errors())
    cast.key.spenders.add(Membership.objects.get(user=cast.bob))
    assert form(cast).is_valid()


def test_a_key_of_another_team_is_no_choice(cast: Cast) -> None:
    foreign = make_key(cast.other_team, cast.charlie)
    assert not form(cast, key=str(foreign.pk)).is_valid()


def test_without_a_usable_key_it_says_so(cast: Cast) -> None:
    Key.objects.update(status=Key.Status.RETIRED)
    assert "There is no key to run with." in str(form(cast).non_field_errors())


def test_models_of_the_catalogue_are_offered_once(cast: Cast) -> None:
    offer(cast)
    offer(cast, "rax-4.5")
    offer(cast, "gone", gone_at=timezone.now())
    assert choices(cast).model_names == ["rax-4.0", "rax-4.5"]


@pytest.mark.parametrize(("seconds", "shows"), [(30, "Try again in"), (86_400, "The key is paused until")])
def test_only_a_short_wait_is_counted_down(cast: Cast, seconds: float, shows: str) -> None:
    waiting = form(cast)
    waiting.is_valid()
    waiting.wait_until("The provider asked us to wait.", seconds)
    told = render_to_string("playground/editor/_form_errors.html", {"form": waiting})
    assert shows in told
    assert ("data-countdown" in told) is (seconds < 600)


def test_a_text_that_is_too_long_is_counted_for_people(cast: Cast) -> None:
    told = form(cast, message="半" * (MESSAGE_CHARS + 1)).errors["message"]
    assert told == ["At most 400,000 characters are taken; this has 400,001."]


def test_how_long_to_wait_stands_with_why(cast: Cast) -> None:
    waiting = form(cast)
    waiting.wait_until("The provider asked us to wait.", 16)
    told = words(render_to_string("playground/editor/_form_errors.html", {"form": waiting}))
    assert re.search(r"The provider asked us to wait\. Try again in 16 s , at \d\d:\d\d", told)


def test_the_line_of_parameters_tells_of_all_that_is_set(cast: Cast) -> None:
    assert {value for *_, value in form(cast, stream="on").rare_words} == {""}
    one = form(cast, stop="One\r\n\r\nTwo", extra='{"seed": 7}', stream="")
    assert [value for *_, value in one.rare_words] == ["2", "set", "off"]


def as_they_are() -> str:
    """All that the fields of every form hold, and their widgets."""
    return str({name: (vars(field), vars(field.widget)) for name, field in RunForm.base_fields.items()})


def test_forms_share_their_fields_and_leave_them_as_they_are(cast: Cast) -> None:
    before = as_they_are()
    one, other = form(cast, message="", temperature="9"), form(cast)
    assert [one.is_valid(), other.is_valid()] == [False, True]
    assert all(str(one[name]) for name in one.fields)
    assert one.fields["message"] is other.fields["message"] is RunForm.base_fields["message"]
    assert one.fields["key"] is not other.fields["key"]
    assert as_they_are() == before
    assert "key" not in RunForm.base_fields
