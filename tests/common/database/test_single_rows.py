"""A row that is written by a statement that is composed once; what is written: test_many_rows."""

import pytest
from django.core.exceptions import ObjectNotUpdated
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.database.single_rows import SingleRows
from playground.models import Conversation, Run
from tests.cast import Cast

pytestmark = pytest.mark.django_db

RUNS, CONVERSATIONS = SingleRows(Run), SingleRows(Conversation)


def test_it_is_one_statement_and_the_row_is_known_as_saved(cast: Cast) -> None:
    conversation = Conversation(team=cast.team, author=cast.bob, title="Half-lives")
    with CaptureQueriesContext(connection) as queries:
        CONVERSATIONS.insert(conversation)
    assert len(queries) == 1
    assert not conversation._state.adding
    conversation.refresh_from_db()
    assert conversation.title == "Half-lives"


def test_what_columns_have_by_themselves_is_read_from_the_row_at_once(cast: Cast) -> None:
    conversation = Conversation.objects.create(team=cast.team, author=cast.bob)
    run = Run(team=cast.team, conversation=conversation, author=cast.bob, model="rax-4.0")
    RUNS.insert(run)
    assert (run.source, run.answer, run.refusal) == ("playground", "", "")
    assert Run.objects.filter(pk=run.pk).values().get().items() <= vars(run).items()


def test_what_is_not_there_is_not_updated(cast: Cast) -> None:
    conversation = Conversation(team=cast.team, author=cast.bob)
    with pytest.raises(ObjectNotUpdated, match="conversation is not there"):
        CONVERSATIONS.update(conversation)


def test_what_the_database_refuses_takes_its_transaction_back(cast: Cast) -> None:
    conversation = Conversation.objects.create(team=cast.team, author=cast.bob)
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            CONVERSATIONS.insert(conversation)
        assert transaction.get_connection().needs_rollback
        transaction.set_rollback(False)
