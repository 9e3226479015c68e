"""Which tests go to the same process of a run, and which begin first.

pytest-xdist writes the groups of its marks into `Item._nodeid`, which pytest 9.2 no longer reads: they do
nothing. Its scheduler knows tests by their names only, so names decide here.
"""

import re

from xdist.scheduler import LoadScopeScheduling

# Long ones first: what begins last must be short. The files that are not named follow, each a group.
LONG = (
    "tests/chaos/",
    "tests/usage/polls/test_crowds.py",
    "tests/usage/polls/test_processes.py",
    "tests/usage/test_ten_thousand_worlds.py",
    "tests/usage/test_long_work.py",
    "tests/usage/polls/test_lost_broker.py",
    "tests/usage/polls/test_rollover.py",
    "tests/look/",
    "tests/playground/live/test_live_runs.py",
    "tests/playground/live/shared/test_two_processes.py",
    "tests/playground/live/test_processes.py",
    "tests/raxdash/test_whole.py",
    "tests/raxdash/test_backup.py",
    "tests/raxdash/test_older_code.py",
    "tests/raxdash/test_move_data.py",
    "tests/raxdash/http/",
    "tests/deploy/",
    "tests/raxdash/test_launch.py",
    "tests/raxdash/test_demonstration.py",
)
# Those of one backend share its installation; the others of these files have one of their own each.
BY_BACKEND = {
    "tests/usage/polls/test_processes.py": "polling",
    "tests/playground/live/test_live_runs.py": "playground",
    "tests/playground/live/test_presses.py": "playground",
    "tests/playground/live/test_unsaved_ends.py": "playground",
    "tests/raxdash/test_whole.py": "whole",
}
BACKEND = re.compile(r"\[(embedded|grown.up)[]-]")
TOGETHER = {
    "tests/look/test_pages.py": "look",
    "tests/look/test_staying.py": "look",
    "tests/playground/live/shared/test_two_processes.py": "playground grown up",
    "tests/playground/history/test_forgetting.py": "playground grown up",
}
# Each has an installation of its own, or takes minutes.
ALONE = {
    "tests/chaos/test_faults.py",
    "tests/chaos/test_kills.py",
    "tests/usage/polls/test_crowds.py",
    "tests/usage/test_long_work.py",
    "tests/usage/polls/test_lost_broker.py",
    "tests/usage/polls/test_rollover.py",
    "tests/usage/books/test_world_invariants.py",
    "tests/usage/test_ten_thousand_worlds.py",
    "tests/playground/live/test_processes.py",
    "tests/raxdash/test_backup.py",
    "tests/raxdash/test_move_data.py",
    "tests/raxdash/test_launch.py",
}


class Scheduling(LoadScopeScheduling):
    """Deal out groups of tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return the name of the group that a test belongs to."""
    path = nodeid.partition("::")[0]
    if path in ALONE:
        return nodeid
    if path in BY_BACKEND:
        backend = BACKEND.search(nodeid)
        return f"{BY_BACKEND[path]} {backend[1]}" if backend else nodeid
    return TOGETHER.get(path, path)


def place(nodeid: str) -> int:
    """Return a number to sort tests by."""
    return next((place for place, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))
