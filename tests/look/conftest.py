"""The installation to look at, made once for all of these tests."""

from collections.abc import Iterator

import pytest

from tests.look.stage import Stage, build


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The installation in which every page has something to show."""
    built = build(tmp_path_factory.mktemp("look"))
    yield built
    built.end()
