"""What the tests need is installed or named; no service is started by that."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.installation import ROOT

TOOLS = ("chmod", "env", "id", "mktemp", "rm", "sh", "tail")
PARTS = ("chromium-headless-shell", "redis-server", "initdb", "nginx", "caddy", "systemd-analyze")


class Machine:
    """A machine with hardly any programs, on which a script of ours believes to be."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.sbin = folder / "bin", folder / "sbin"
        self.policy, self.said = folder / "policy-rc.d", folder / "said"
        for place in (self.bin, self.sbin):
            place.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or "missing")
        self.add("id", "echo 0")
        self.add("pg_config", "exit 1")
        text = (ROOT / "scripts/install_test_parts.sh").read_text()
        self.script = folder / "install.sh"
        self.script.write_text(
            text.replace("/usr/sbin/policy-rc.d", str(self.policy))
            .replace("/usr/sbin:/sbin", str(self.sbin))
            .replace("/usr/lib/postgresql", str(folder))
        )

    def add(self, name: str, does: str = "", folder: str = "bin") -> None:
        """Have a program."""
        path: Path = getattr(self, folder) / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)

    def add_apt(self) -> None:
        """Have a package manager that writes down what it is told, and whether services would start."""
        off = f"[ ! -e {self.policy} ] || {self.policy} || echo 'services stay off' >>{self.said}"
        self.add("apt-get", f'echo "apt-get $*" >>{self.said}; {off}')
        self.add("systemctl", f'echo "systemctl $*" >>{self.said}')
        self.add("apt-cache", "exit 100")

    def installed(self) -> str:
        """What was asked for of the package manager."""
        said = self.said.read_text() if self.said.exists() else ""
        return next((line for line in said.splitlines() if line.startswith("apt-get install")), "")

    def install(self) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        command, environment = ["/bin/sh", str(self.script)], {"PATH": str(self.bin)}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_it_names_what_is_missing(machine: Machine) -> None:
    told = machine.install()
    assert told.returncode == 1
    missing = "chromium redis-server postgresql nginx caddy systemd"
    assert told.stderr == (
        f"raxdash: the tests need {missing}: install them with your system's package manager and try again\n"
    )


def test_it_is_content_where_nothing_is_missing(machine: Machine) -> None:
    for part in PARTS:
        machine.add(part)
    told = machine.install()
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_it_looks_where_servers_are(machine: Machine) -> None:
    machine.add("nginx", folder="sbin")
    assert "nginx" not in machine.install().stderr


def test_it_installs_without_starting_a_service(machine: Machine) -> None:
    for part in PARTS[:3]:
        machine.add(part)
    machine.add_apt()
    assert machine.install().returncode == 0
    assert machine.said.read_text().splitlines() == [
        "apt-get update",
        "services stay off",
        "apt-get install --yes --no-install-recommends --no-remove nginx caddy systemd",
        "services stay off",
        "systemctl disable nginx",
        "systemctl disable caddy",
    ]
    assert not machine.policy.exists()


def test_it_leaves_a_policy_for_services_alone(machine: Machine) -> None:
    machine.add_apt()
    machine.policy.write_text("#!/bin/sh\nexit 0\n")
    machine.policy.chmod(0o755)
    machine.install()
    assert machine.policy.read_text() == "#!/bin/sh\nexit 0\n"


def with_all_but_a_browser(machine: Machine) -> Machine:
    for part in PARTS[1:]:
        machine.add(part)
    machine.add_apt()
    return machine


@pytest.mark.parametrize("whole", [(), ("chromium",)])
def test_it_installs_the_browser_that_has_no_windows(machine: Machine, whole: tuple[str, ...]) -> None:
    with_all_but_a_browser(machine).add("apt-cache", '[ "$*" = "show chromium-headless-shell" ]')
    for name in whole:
        machine.add(name)
    assert machine.install().returncode == 0
    assert machine.installed().endswith(" chromium-headless-shell")


def test_it_asks_for_that_browser_once_packages_are_known(machine: Machine) -> None:
    with_all_but_a_browser(machine).add("apt-cache", f"[ -e {machine.said} ]")
    machine.install()
    assert machine.installed().endswith(" chromium-headless-shell")


def test_it_installs_a_whole_browser_where_there_is_no_other(machine: Machine) -> None:
    with_all_but_a_browser(machine).install()
    assert machine.installed().endswith(" chromium")


def test_a_whole_browser_will_do(machine: Machine) -> None:
    with_all_but_a_browser(machine).add("google-chrome")
    assert machine.install().returncode == 0
    assert not machine.installed()


def test_a_whole_browser_will_do_where_the_other_cannot_be_had(machine: Machine) -> None:
    with_all_but_a_browser(machine).add("apt-cache")
    machine.add("chromium")
    machine.add("apt-get", "exit 100")
    assert machine.install().returncode == 0
