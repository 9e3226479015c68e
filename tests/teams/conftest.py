"""The provider is our simulator, running for real; nothing is mocked."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from tests.installation import Installation


@pytest.fixture(autouse=True)
def no_old_attempts() -> Iterator[None]:
    """Forget the attempts to sign in that other tests made: allauth counts them in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running simulator; it knows `rax_demo_free` and `rax_demo_pro`."""
    installation = Installation(tmp_path_factory.mktemp("simulator"))
    try:
        installation.start_simulator()
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def provider(simulator: Installation, settings: Settings) -> str:
    """The address of the simulated API, which may be called here."""
    settings.UPSTREAM_ALLOW = ("127.0.0.0/8",)
    settings.RAX_BASE_URL = settings.SIMULATOR_URL = simulator.simulator_url
    return simulator.simulator_url
