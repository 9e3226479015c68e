"""A conversation branches where a turn has several versions; each page shows one branch."""

from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from playground.editor.turns.branches import Branch, Tree, Version
from playground.models import Conversation, Run
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun

SECOND = timedelta(seconds=1)


@st.composite
def conversations(draw: st.DrawFn) -> list[Run]:
    """Draw turns, each of which goes on from some earlier one, or begins anew."""
    runs: list[Run] = []
    for place in range(draw(st.integers(1, 12))):
        parent = draw(st.sampled_from([None, *runs]))
        erased = NOON if draw(st.integers(0, 3)) == 0 else None
        turn = parent.turn + 1 if parent else 1
        run = Run(id=uuid4(), parent=parent, turn=turn, created_at=NOON + place * SECOND, erased_at=erased)
        runs.append(run)
    return runs


def line(run: Run | None) -> list[Run]:
    return [*line(run.parent), run] if run else []


@given(conversations(), st.data())
def test_the_way_to_a_turn_is_what_it_goes_on_from(runs: list[Run], data: st.DataObject) -> None:
    tree, run = Tree(data.draw(st.permutations(runs))), data.draw(st.sampled_from(runs))
    assert tree.path_to(run) == line(run)
    assert tree.before(run) == line(run)[:-1]
    assert set(tree.below(run)) == {one for one in runs if run in line(one)}


@given(conversations(), st.data())
def test_the_newest_that_can_be_read_is_shown(runs: list[Run], data: st.DataObject) -> None:
    tree, run = Tree(runs), data.draw(st.sampled_from(runs))
    readable = [one for one in runs if one.erased_at is None]
    assert tree.newest() == (readable[-1] if readable else None)
    after = [one for one in readable if run in line(one)]
    assert tree.newest_below(run) == (after[-1] if after else run)
    assert tree.versions_of(run) == [one for one in readable if one.parent == run.parent]


def test_of_a_conversation_of_the_version_before_each_turn_goes_on_from_the_one_before() -> None:
    runs = [Run(id=uuid4(), turn=turn, created_at=NOON) for turn in (3, 1, 4)]
    assert [run.turn for run in Tree(runs).path_to(runs[2])] == [1, 3, 4]


def test_a_version_has_a_number_and_those_beside_it() -> None:
    ids = [UUID(int=number) for number in (1, 2, 3)]
    assert Version.of(ids[0], ids) == Version(1, 3, None, ids[1])
    assert Version.of(ids[1], ids) == Version(2, 3, ids[0], ids[2])
    assert Version.of(ids[2], ids) == Version(3, 3, ids[1], None)


def test_a_page_names_a_branch_that_is_not_the_newest(cast: Cast, make_run: MakeRun) -> None:
    first = make_run()
    conversation: Conversation = first.conversation
    old = make_run(conversation=conversation, turn=2, parent=first)
    later = make_run(conversation=conversation, turn=3, parent=old)
    new = make_run(conversation=conversation, turn=2, parent=first)
    assert Branch.of(conversation).runs == [first, new]
    assert Branch.of(conversation).named is None
    for named in (old, later):
        branch = Branch.of(conversation, named.pk)
        assert (branch.runs, branch.named) == ([first, old, later], later.pk)
    assert Branch.of(conversation, first.pk).named is None
    assert branch.versions == {old.pk: Version(1, 2, None, new.pk)}


def test_a_conversation_of_which_all_was_erased_shows_nothing(make_run: MakeRun) -> None:
    run = make_run(erased_at="2026-03-02T12:00Z")
    assert Branch.of(run.conversation) == Branch()
    assert Branch.of(None) == Branch()
