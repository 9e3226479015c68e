"""`make check` finds what changed: on a branch, on main, committed or not."""

from pathlib import Path

from scripts.changed import changed_files
from tests.scripts.conftest import commit, git


def test_a_branch_is_compared_with_where_it_left_main(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "-b", "branch")
    commit(tree, "usage/pages.py")
    git(tree, "checkout", "--quiet", "main")
    commit(tree, "tests/cast.py")
    git(tree, "checkout", "--quiet", "branch")
    (tree / "usage" / "ledger" / "fold.py").write_text("changed = True")
    (tree / "new file.py").touch()
    assert changed_files(tree) == ["new file.py", "usage/ledger/fold.py", "usage/pages.py"]


def test_on_main_it_is_what_is_not_committed_or_else_the_newest_commit(tree: Path) -> None:
    commit(tree, "usage/pages.py")
    assert changed_files(tree) == ["usage/pages.py"]
    (tree / "tests" / "cast.py").unlink()
    assert changed_files(tree) == ["tests/cast.py"]


def test_the_first_commit_of_all_changed_nothing(tree: Path) -> None:
    assert changed_files(tree) == []


def test_links_and_ignored_files_are_not_ours(tree: Path) -> None:
    commit(tree, ".gitignore")
    (tree / ".gitignore").write_text("ignored\n")
    (tree / "ignored").touch()
    (tree / "node_modules").symlink_to(tree / "tests")
    assert changed_files(tree) == [".gitignore"]
