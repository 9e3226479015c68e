"""Any two answers of a page are compared, by words or by lines."""

import re
from html import unescape
from uuid import uuid4

import pytest

from playground.models import Conversation
from tests.cast import Cast
from tests.playground.conftest import MakeRun

COMPARE, SAVE = "/t/acme/playground/differences/", "/t/acme/playground/draft/"


@pytest.fixture
def query(make_run: MakeRun) -> str:
    answers = ("Take the bus home.", "Take the last bus home.", "Walk <home>.")
    runs = [make_run(answer=answer, model=f"rax-{place}") for place, answer in enumerate(answers)]
    make_run(conversation=runs[0].conversation, turn=2, answer="Take the train home.")
    return "?" + "&".join(f"conversation={run.conversation_id}" for run in runs)


def marked(page: str) -> tuple[list[str], list[str]]:
    gone = re.findall(r'<del class="gone">(.*?)</del>', page.partition('class="card-in diff"')[2])
    return gone, re.findall(r'<ins class="new">(.*?)</ins>', page.partition('class="card-in diff"')[2])


def page(cast: Cast, query: str, name: str = "vera") -> str:
    return cast.client(name).get(f"{COMPARE}{query}").text


def test_the_last_answers_of_two_columns_are_compared_by_words(cast: Cast, query: str) -> None:
    assert marked(page(cast, query)) == (["train "], ["last bus "])


def test_any_two_and_by_lines(cast: Cast, query: str) -> None:
    gone, new = marked(page(cast, f"{query}&pair=BC&by=lines"))
    assert (gone, [unescape(one) for one in new]) == (["Take the last bus home."], ["Walk <home>."])


def test_what_is_no_pair_or_way_is_the_first_one(cast: Cast, query: str) -> None:
    assert marked(page(cast, f"{query}&pair=XY&by=verse")) == (["train "], ["last bus "])


def test_without_two_answers_it_says_what_to_do(cast: Cast, query: str) -> None:
    assert "No two answers yet" in page(cast, query.partition("&")[0])
    assert "No two answers yet" in page(cast, "")


def test_conversations_of_another_team_do_not_exist_here(cast: Cast, query: str) -> None:
    foreign = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    assert cast.client("bob").get(f"{COMPARE}{query}&conversation={foreign.pk}").status_code == 404


def test_it_leads_back_to_its_columns_and_they_lead_to_it(cast: Cast, query: str) -> None:
    assert f'href="/t/acme/playground/{query}"' in unescape(page(cast, query))
    columns = unescape(cast.client("bob").get(f"/t/acme/playground/{query}").text)
    assert f'href="{COMPARE}{query}"' in columns


def test_words_that_differ_are_told_with_each_saved_change(cast: Cast) -> None:
    form = {"message": "Take the bus", "conversation": "", "idempotency_key": str(uuid4())}
    form |= {f"b-{name}": value for name, value in form.items()}
    form |= {"b-message": "Take the train", "b-idempotency_key": str(uuid4())}
    answer = cast.client("bob").post(SAVE, form).json()
    assert list(answer["marks"]) == ["b-message"]
    assert '<ins class="new">train</ins>' in answer["marks"]["b-message"]
    assert "Message" in answer["differs"]
    shown = cast.client("bob").get("/t/acme/playground/?conversation=&conversation=").text
    assert '<ins class="new">train</ins>' in shown.partition('id="marks-b-message"')[2]
