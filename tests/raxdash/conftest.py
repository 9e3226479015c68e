"""Objects of Acme, for routes that name one."""

import pytest

from tests.cast import Cast


@pytest.fixture
def team_objects(cast: Cast) -> dict[str, dict[str, object]]:
    """The arguments of routes that name an object of the team, beside the team itself."""
    key = {"key_id": cast.key.pk}
    return {"teams:retire_key": key}
