"""One installation as in production, with two web processes, behind nginx and behind Caddy."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.deploy.proxies import Front, caddy, nginx, running
from tests.image.person import Person
from tests.image.proxy import write_certificate
from tests.installation import Installation
from tests.installed import prepared
from tests.playground.conftest import set_pace
from tests.raxdash.test_production import PRODUCTION

# As slow as that, a run does not end before somebody follows it.
PACE = 15  # chunks a second


class Guest(Person):
    """Somebody behind a proxy, whose connections come from an address of this machine."""

    def __init__(self, front: Front, address: str, **headers: str) -> None:
        self.installation = front.installation
        self.playground = "/t/acme/playground/"
        trust = ssl.create_default_context(cafile=front.certificate[0])
        self.http = httpx.Client(
            base_url=front.url,
            transport=httpx.HTTPTransport(verify=trust, local_address=address, trust_env=False),
            headers={"Referer": f"{front.url}/", **headers},
            timeout=60,
        )


Guests = Callable[..., Guest]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Installation]:
    """Two web processes in production, with Alice and Acme."""
    settings = {**PRODUCTION, "ALLOWED_HOSTS": "localhost,127.0.0.1", "REDIS_URL": redis_url}
    with prepared(tmp_path_factory.mktemp("production"), **settings) as installation:
        installation.start_simulator()
        set_pace(installation, PACE)
        installation.set_up()
        installation.start_web()
        installation.start_web("second", installation.second_port)
        yield installation


@pytest.fixture(scope="session", params=[nginx, caddy], ids=["nginx", "caddy"])
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, house: Installation
) -> Iterator[Front]:
    """A proxy in front of them."""
    folder = tmp_path_factory.mktemp("front")
    pem = str(write_certificate(folder))
    there = Front(house, folder, (pem, pem))
    with running(there, request.param(there)):
        yield there


@pytest.fixture
def guest(front: Front) -> Iterator[Guests]:
    """Let somebody come from an address of this machine; each test from another one."""
    with ExitStack() as stack:
        yield lambda address, **headers: stack.enter_context(Guest(front, address, **headers))


@pytest.fixture(scope="session")
def alice(front: Front) -> Iterator[Guest]:
    """Alice, signed in through the proxy."""
    with Guest(front, "127.0.0.2") as person:
        person.sign_in("alice@example.com")
        yield person
