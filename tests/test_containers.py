"""What compose.yaml and the Dockerfile promise, as far as it can be read; `make image-test` runs it."""

import re
from typing import Any

import pytest
import yaml

from tests.installation import ROOT

Service = dict[str, Any]


def compose(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())


SERVICES: dict[str, Service] = compose("compose.yaml")["services"]
ONE: Service = compose("compose.single.yaml")["services"]["raxdash"]
ALL = [*SERVICES.items(), ("single", ONE)]
OURS = [(name, service) for name, service in ALL if "env_file" in service]


def each(services: list[tuple[str, Service]]) -> pytest.MarkDecorator:
    names = [name for name, _ in services]
    return pytest.mark.parametrize("service", [service for _, service in services], ids=names)


@each(ALL)
def test_a_container_may_no_more_than_it_needs(service: Service) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service


@each(ALL)
def test_nothing_of_a_container_grows_without_bound(service: Service) -> None:
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    assert [folder for folder in service.get("tmpfs", []) if "size=" not in folder] == []


@each(OURS)
def test_our_code_cannot_be_changed_from_within(service: Service) -> None:
    assert service["read_only"] is True


@each(OURS)
def test_every_setting_reaches_our_containers(service: Service) -> None:
    assert service["env_file"] == ".env"


def test_the_image_is_built_once() -> None:
    assert [name for name, service in SERVICES.items() if "build" in service] == ["web"]


def test_no_password_stands_in_an_address() -> None:
    addresses = [value for _, service in OURS for value in service["environment"].values() if "://" in value]
    assert addresses
    assert [address for address in addresses if re.search(r"://[^/]*:[^/]*@", address)] == []


@each(OURS)
def test_the_gateway_of_the_network_is_believed_by_default(service: Service) -> None:
    network = compose("compose.yaml")["networks"]["default"]["ipam"]["config"][0]
    assert (
        service["environment"]["FORWARDED_ALLOW_IPS"] == "${FORWARDED_ALLOW_IPS:-" + network["gateway"] + "}"
    )


def test_both_ways_to_start_share_their_network() -> None:
    assert compose("compose.yaml")["networks"] == compose("compose.single.yaml")["networks"]


def test_a_database_that_is_being_made_is_not_ready() -> None:
    health = SERVICES["database"]["healthcheck"]
    assert health["test"][:3] == ["CMD", "pg_isready", "--host"]
    assert health["start_period"] == "10m"


def test_the_image_serves_as_the_procfile_does() -> None:
    command = re.search(r'CMD \["sh", "-c", "exec (.*)"\]', (ROOT / "Dockerfile").read_text())[1]
    web = re.search(r"^web: \.venv/bin/(.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)[1]
    options = [
        set(re.split(r" (?=--)", line)) for line in (command, web.replace("${HOST:-127.0.0.1}", "$HOST"))
    ]
    assert options[0] == options[1]


def test_nothing_is_copied_into_the_image_that_is_not_served() -> None:
    final = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "node_modules" not in final
    assert "\nUSER 10001\n" in final
