"""A conversation branches where several turns go on from one. A page shows one branch of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from playground.models import Conversation, Run

# What tells how the turns of a conversation go on from one another.
PLACES = ("turn", "parent", "created_at", "erased_at")


class Tree:
    """The turns of a conversation, as they go on from one another.

    Erased ones have their place in it: what goes on from them is there.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = sorted(runs, key=lambda run: (run.created_at, run.turn, run.pk))
        self.by_id = {run.pk: run for run in self.runs}
        self.parents = {run.pk: self._parent_of(run) for run in self.runs}
        self.children: dict[UUID | None, list[Run]] = {}
        for run in self.runs:
            self.children.setdefault(self.parents[run.pk], []).append(run)

    def _parent_of(self, run: Run) -> UUID | None:
        """Return what a turn goes on from; where nobody wrote it down, that is the turn before."""
        if run.parent_id in self.by_id:
            return run.parent_id
        before = [other for other in self.runs if other.turn < run.turn]
        return max(before, key=lambda other: other.turn).pk if before else None

    def path_to(self, run: Run | None) -> list[Run]:
        """Return the turns from the first one to this one."""
        path: list[Run] = []
        while run:
            path.append(run)
            parent = self.parents[run.pk]
            run = self.by_id[parent] if parent else None
        return path[::-1]

    def before(self, run: Run) -> list[Run]:
        """Return the turns that one goes on from."""
        return self.path_to(run)[:-1]

    def below(self, run: Run) -> list[Run]:
        """Return a turn and all that go on from it, in whichever branch."""
        found = [run]
        for one in found:
            found += self.children.get(one.pk, [])
        return found

    def newest(self) -> Run | None:
        """Return the turn that was written last, of those that can be read."""
        return next((run for run in reversed(self.runs) if run.erased_at is None), None)

    def newest_below(self, run: Run) -> Run:
        """Return the newest turn that can be read of those that go on from one; itself where none does."""
        below = {one.pk for one in self.below(run) if one.erased_at is None}
        return next((one for one in reversed(self.runs) if one.pk in below), run)

    def versions_of(self, run: Run) -> list[Run]:
        """Return the turns at one place that can be read, in the order in which they were written."""
        return [one for one in self.children[self.parents[run.pk]] if one.erased_at is None]


@dataclass(frozen=True, slots=True)
class Version:
    """Which of several turns at one place of a conversation one is, and those beside it."""

    number: int
    count: int
    previous: UUID | None
    next: UUID | None

    @classmethod
    def of(cls, run_id: UUID, versions: list[UUID]) -> "Version":
        """Return which of some versions a turn is."""
        at = versions.index(run_id)
        before, after = versions[:at], versions[at + 1 :]
        return cls(at + 1, len(versions), before[-1] if before else None, after[0] if after else None)


@dataclass(frozen=True, slots=True)
class Branch:
    """The turns of a conversation that a page shows.

    `named` is the last one where that is not the newest of the conversation: an address must name it.
    """

    runs: list[Run] = field(default_factory=list)
    versions: dict[UUID, Version] = field(default_factory=dict)
    named: UUID | None = None

    @classmethod
    def of(cls, conversation: Conversation | None, named: UUID | None = None) -> "Branch":
        """Return the newest branch of a conversation, or the newest one that has the named turn."""
        if conversation is None:
            return cls()
        tree = tree_of(conversation)
        newest = tree.newest()
        chosen = tree.by_id.get(named) if named else None
        last = tree.newest_below(chosen) if chosen else newest
        if newest is None or last is None:
            return cls()
        path = [run for run in tree.path_to(last) if run.erased_at is None]
        runs = Run.objects.turns_of(conversation).filter(pk__in=[run.pk for run in path]).with_people()
        return cls(list(runs), dict(versions_on(tree, path)), None if last is newest else last.pk)


def versions_on(tree: Tree, path: Iterable[Run]) -> Iterator[tuple[UUID, Version]]:
    """Yield which version each of some turns is, where there are several."""
    for run in path:
        if len(versions := tree.versions_of(run)) > 1:
            yield run.pk, Version.of(run.pk, [version.pk for version in versions])


def tree_of(conversation: Conversation) -> Tree:
    """Return the turns of a conversation without their words."""
    return Tree(conversation.runs.only(*PLACES))


def beside(run: Run) -> set[UUID]:
    """Return the turns at the place of a run, but for itself, and all that go on from them."""
    tree = tree_of(run.conversation)
    others = [one for one in tree.children[tree.parents[run.pk]] if one.pk != run.pk]
    return {turn.pk for one in others for turn in tree.below(one)}


def version_of(run: Run) -> Version | None:
    """Return which version of its turn a run is; None where there is one alone."""
    return dict(versions_on(tree_of(run.conversation), [run])).get(run.pk)
