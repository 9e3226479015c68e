"""The pages of imports: a file is given, what it would change is read, and it is taken in and back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django.fixtures import Settings

from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.directions import without_directions
from tests.usage.imports.importing import DAY, NOVEMBER, content, make_import, rows, told
from tests.usage.polled import make_meter, poll
from usage.models import Import, Meter

pytestmark = pytest.mark.django_db

HEADS = "start,end,key,model,tokens,requests"
LIST, NEW, DAYS = (f"/t/acme/usage/imports/{part}" for part in ("", "new/", "days/"))


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.client("adam")


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """The main key, polled since its period began on 4 November 2025."""
    meter = make_meter(cast.key, NOVEMBER)
    begun = NOVEMBER + 3 * DAY
    poll(meter, begun + DAY / 2, {"rax-9": (500, 5)}, begun, begun + 30 * DAY)
    return meter


def give(client: Client, lines: list[str], **fields: object) -> str:
    """Post a file; return the address of its import once it was read."""
    file = SimpleUploadedFile("September ünd.csv", content(lines, HEADS))
    answer = client.post(NEW, {"file": file, **fields})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(without_directions(answer.content.decode()).split())


def test_a_file_is_shown_taken_in_and_taken_back(admin: Client, meter: Meter) -> None:
    assert "Nothing was imported yet" in page(admin, LIST)
    address = give(admin, rows(range(-57, 7), tokens=20_000))
    shown = page(admin, address)
    assert (
        "Adds 1.2 M tokens and 183 requests on 61 days before 4 November 2025; "
        "nothing that was measured changes." in shown
    )
    assert "3 days fill nothing: polls tell of all of their time, or a part." in shown
    assert "September ünd.csv" in shown
    assert told(meter) == {}
    admin.post(f"{address}take/")
    run_jobs()
    assert "Added 1.2 M tokens" in page(admin, address)
    assert told(meter) == dict.fromkeys(range(-57, 4), 20_000)
    assert "Added 1.2 M tokens" in page(admin, LIST)
    assert "Everything that was measured" in page(admin, f"{address}undo/")
    admin.post(f"{address}undo/")
    run_jobs()
    assert "Undone" in page(admin, address)
    assert told(meter) == {}


def test_a_fault_is_shown_by_its_line(admin: Client, meter: Meter) -> None:
    address = give(admin, [*rows([1]), *rows([2], key="<b>Nobody</b>")])
    shown = page(admin, address)
    assert "Line 3: “&lt;b&gt;Nobody&lt;/b&gt;” is no key of this team." in shown
    assert "Import</button>" not in shown
    admin.post(f"{address}discard/")
    run_jobs()
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_told_its_bound(admin: Client, meter: Meter, settings: Settings) -> None:
    settings.MAX_IMPORT_BYTES = 100_000
    answer = admin.post(NEW, {"file": SimpleUploadedFile("big.csv", b"x" * 100_001)})
    assert answer.status_code == 422
    words = "A file is at most 100 KB. Export a longer step or fewer days, and import it in parts."
    assert words in answer.content.decode()


def test_a_form_without_a_file_says_so(admin: Client) -> None:
    answer = admin.post(NEW, {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_file_without_keys_is_of_the_chosen_one(admin: Client, cast: Cast, meter: Meter) -> None:
    file = SimpleUploadedFile("one.csv", b"start,tokens\n2025-11-01,5\n")
    admin.post(NEW, {"file": file, "key": str(meter.pk)})
    run_jobs()
    assert "Adds 5 tokens on 1 day before 4 November 2025" in page(admin, LIST)


def test_another_team_s_key_cannot_be_chosen(admin: Client, cast: Cast) -> None:
    theirs = make_meter(make_key(cast.other_team, cast.charlie), NOVEMBER)
    file = SimpleUploadedFile("one.csv", b"start,tokens\n2025-11-01,5\n")
    answer = admin.post(NEW, {"file": file, "key": str(theirs.pk)})
    assert (answer.status_code, Import.objects.count()) == (422, 0)
    answer = admin.post(DAYS, {"key": str(theirs.pk), "first": "2025-11-01", "last": "2025-11-02"})
    assert Import.objects.count() == 0


def test_who_may_not_import_sees_what_was(cast: Cast) -> None:
    origin = make_import(cast.team, cast.adam, Import.State.READY)
    vera = cast.client("vera")
    shown = page(vera, LIST) + page(vera, reverse("usage:import", args=["acme", origin.pk]))
    assert "history.csv" in shown
    for words in ("Import a file", "Ask for past days", "Discard", "Import</button>"):
        assert words not in shown


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2025-11-05", "2025-11-01", "The last day is before the first."),
        ("2025-11-01", "2999-01-01", "Choose a day from 2000 to 2100."),
        ("2025-11-01", "today", "That day is not over yet."),
        ("2020-11-01", "2025-11-01", "At most 366 days are asked for at once."),
        ("", "2025-11-01", "Choose a day."),
    ],
)
def test_days_that_cannot_be_asked_for_are_refused_in_words(
    admin: Client, meter: Meter, first: str, last: str, words: str
) -> None:
    # Tests are collected some minutes, and perhaps a midnight, before they run.
    answer = admin.post(DAYS, {"first": first, "last": last.replace("today", str(localdate()))})
    assert answer.status_code == 422
    assert words in answer.content.decode()
