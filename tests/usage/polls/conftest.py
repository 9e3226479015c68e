"""A provider that may be asked here."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from rax.simulator import Server, Simulator, running_simulator


@pytest.fixture
def provider(settings: Settings) -> Iterator[Server]:
    """The simulated API, which may be called."""
    settings.UPSTREAM_ALLOW = ("127.0.0.1",)
    with running_simulator(Simulator()) as server:
        yield server
