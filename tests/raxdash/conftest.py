"""Objects of Acme, for routes that name one; and a web process that does not wait for long."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from common.models import Job
from playground.models import Conversation, Draft, RawLines, Run, RunState
from playground.requests import Message, Speaker, expected
from rax import Recorder
from teams.jobs import scope_of
from teams.models import Invitation, Membership, Role
from tests.cast import Cast
from tests.installation import Installation
from tests.installed import prepared
from tests.teams.tokens.made import make_token
from tests.usage.catalogue.page.stage import make_model
from tests.usage.explore.frozen_page import make_frozen
from tests.usage.explore.saved.saving import make_view
from tests.usage.imports.importing import make_import
from tests.usage.notes.writing import make_note
from tests.usage.polled import make_suggestion
from tests.usage.prices.priced import make_price
from tests.usage.stored import answer_at
from usage.books.ingest import store
from usage.models import CounterReset, Export, RawPoll, SavedView

type Arguments = dict[str, object]
type Objects = dict[str, Arguments]


@pytest.fixture
def team_objects(cast: Cast) -> Objects:
    """The arguments of routes that name an object of the team, beside the team itself."""
    key: Arguments = {"key_id": cast.key.pk}
    conversation = Conversation.objects.create(team=cast.team, author=cast.bob)
    run = Run.objects.create(
        team=cast.team, conversation=conversation, author=cast.bob, model="rax-4.0", state=RunState.COMPLETED
    )
    kept = expected(cast.key.base_url, run.model, [Message(Speaker.USER, run.message, run.pk)], {})
    RawLines.objects.create(run=run, content=Recorder().finish().content, size=0)
    Run.objects.filter(pk=run.pk).update(request=kept.text, request_digest=kept.digest)
    of_run = ["run", "message", "sent", "run_code", "stop", "again", "delete", "rate"]
    of_run += ["go_on", "raw_lines", "check_schema"]
    bob: Arguments = {"membership_id": Membership.objects.get(user=cast.bob).pk}
    invitation = Invitation.objects.create(team=cast.team, role=Role.VIEWER, created_by=cast.alice)
    doubt = make_suggestion(cast.team, cast.key)
    noon = doubt.noticed_at.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=2)
    store([answer_at(doubt.first, noon, period_start=noon - timedelta(days=1), total_tokens=1)])
    began = int((noon - timedelta(days=1)).timestamp()) * 1_000_000
    said = CounterReset.objects.create(meter=doubt.first, at=0, decided_at=doubt.noticed_at)
    note = make_note(cast.team, cast.bob)
    suggestion: Arguments = {"suggestion_id": doubt.pk}
    of_usage: dict[str, Arguments] = {
        **{f"usage:{name}": suggestion for name in ("count_once", "keep_apart", "ask_again")},
        "usage:count_apart": {"meter_id": doubt.second_id},
        "usage:split": key,
        "usage:quota_key": key,
        "usage:raw_answers": {"meter_id": doubt.first_id, "began": began},
        "usage:raw_answer": {"poll_id": RawPoll.objects.get(meter=doubt.first).pk},
        "usage:export": {"kind": "csv"},
        "usage:filter_values": {"dimension": "key"},
        "usage:reset": {"meter_id": doubt.first_id, "at": 0},
        "usage:take_back_reset": {"reset_id": said.pk},
        **{f"usage:{name}": {"note_id": note.pk} for name in ("edit_note", "remove_note")},
    }
    page = make_frozen(cast.team, cast.bob)
    of_frozen = ("frozen_page", "remove_frozen", "make_frozen_export")
    of_usage |= {f"usage:{name}": {"frozen_id": page.pk} for name in of_frozen}
    of_usage["usage:frozen_file"] = {"frozen_id": page.pk, "kind": "csv"}
    of_usage["usage:retirement"] = {"model_id": make_model(cast.team).pk}
    price = make_price(cast.team)
    of_usage |= {f"usage:{name}_price": {"price_id": price.pk} for name in ("change", "end", "remove")}
    of_usage |= kept_imports(cast)
    job = Job.objects.create(kind="test", scope=scope_of(cast.team))
    of_teams: dict[str, Arguments] = {
        **{f"teams:{name}": {"job_id": job.pk} for name in ("job", "cancel_job", "try_job_again")},
        **{f"teams:{name}": key for name in ("key", "replace_secret", "check_key", "retire_key")},
        **{f"teams:{name}": bob for name in ("change_role", "remove_member")},
        "teams:revoke_invitation": {"invitation_id": invitation.pk},
        "invitation": {"token": "no-such-token"},
    }
    of_runs: dict[str, Arguments] = {f"playground:{name}": {"run_id": run.pk} for name in of_run}
    of_runs["playground:export"] = {"kind": "csv"}
    of_runs["playground:rename"] = {"conversation_id": conversation.pk}
    of_people = kept_views(cast) | kept_drafts(cast) | kept_tokens(cast) | made_files(cast)
    return of_usage | of_teams | of_runs | of_people


def made_files(cast: Cast) -> dict[str, Arguments]:
    """The arguments of routes that name a file that was made: Alice's, and by name of the route and its
    person those of everybody, as nobody has anybody else's.
    """
    found: dict[str, Arguments] = {}
    for person in ("vera", "bob", "adam", "alice"):
        user, file = getattr(cast, person), {"name": "usage.xlsx", "content": b"PK"}
        export = Export.objects.create(team=cast.team, member=user, question="", **file)
        for name in ("made_export", "made_file", "cancel_export"):
            found[f"usage:{name}"] = found[f"usage:{name} of {person}"] = {"export_id": export.pk}
    return found


def kept_tokens(cast: Cast) -> dict[str, Arguments]:
    """The arguments of the route that revokes a token: everybody's own, as members see no others."""
    people = ("vera", "bob", "adam", "alice")
    tokens = {person: make_token(cast.team, getattr(cast, person))[0].pk for person in people}
    name = "teams:revoke_token"
    mine: dict[str, Arguments] = {f"{name} of {person}": {"token_id": pk} for person, pk in tokens.items()}
    return {name: {"token_id": tokens["alice"]}, **mine}


def kept_imports(cast: Cast) -> dict[str, Arguments]:
    """The arguments of routes that name an import: one that is shown, and one that was taken in."""
    states = {"import": "ready", "take_import": "ready", "discard_import": "faulty", "undo_import": "taken"}
    return {
        f"usage:{name}": {"import_id": make_import(cast.team, cast.adam, state).pk}
        for name, state in states.items()
    }


def kept_drafts(cast: Cast) -> dict[str, Arguments]:
    """The arguments of routes that name a draft: Alice's, and by name of the route and its person those of
    everybody, as nobody sees anybody else's.
    """
    found: dict[str, Arguments] = {}
    for person in ("vera", "bob", "adam", "alice"):
        page = {"page": uuid4(), "columns": [{"message": "Half a thought"}]}
        draft = Draft.objects.create(team=cast.team, author=getattr(cast, person), **page)
        for name in ("draft", "restore_draft"):
            found[f"playground:{name}"] = {"draft_id": draft.pk}
            found[f"playground:{name} of {person}"] = {"draft_id": draft.pk}
    return found


def kept_views(cast: Cast) -> dict[str, Arguments]:
    """The arguments of routes that name a saved view: Alice's, and by name of the route and its person those
    of everybody, as nobody has anybody else's.
    """
    names = ("rename_view", "update_view", "move_view", "start_with_view", "delete_view")
    found: dict[str, Arguments] = {}
    for person in ("vera", "bob", "adam", "alice"):
        user = getattr(cast, person)
        there, gone = make_view(cast.team, user), make_view(cast.team, user, "Deleted")
        SavedView.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        mine = dict.fromkeys(names, there.pk) | {"restore_view": gone.pk}
        for name, pk in mine.items():
            found[f"usage:{name}"] = found[f"usage:{name} of {person}"] = {"view_id": pk}
    return found


@pytest.fixture(scope="session")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A web process that gives a request, and a body, one second to arrive."""
    with prepared(tmp_path_factory.mktemp("impatient"), BODY_TIMEOUT_SECONDS="1") as installation:
        installation.asgi_application = "tests.impatient:application"
        installation.start_web()
        yield installation
