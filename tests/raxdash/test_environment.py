"""A wrong setting stops the start with one line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forks import run

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 60,
    "ENCRYPTION_KEYS": "first:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "raxdash.example.com",
    "EMAIL_URL": "smtps://mail.example.com",
}


def start(
    folder: Path, code: str = "import raxdash.settings", **settings: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder)} | settings
    return run([sys.executable, "-c", code], environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("POLL_INTERVAL_SECONDS", "1"),
        ("DRAIN_SECONDS", "-1"),
        ("DRAIN_SECONDS", "601"),
        ("DATABASE_TIMEOUT_SECONDS", "-1"),
        ("DATABASE_LONG_TIMEOUT_SECONDS", "soon"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgres://localhost:port/x"),
        ("DATABASE_URL", "postgres://raxdash:pass/word@localhost/x"),
        ("DATABASE_URL", "postgres://raxdash:12#34@localhost/x"),
        ("DATABASE_URL", "postgres://raxdash:12?34@localhost/x"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://:pass/word@localhost:6379/0"),
        ("REDIS_URL", "redis://:12#34@localhost:6379/0"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "smtp://mail.example.com:99999"),
        ("EMAIL_URL", "smtp://post:12/34@mail.example.com"),
        ("ENCRYPTION_KEYS", "first:short"),
        ("RAX_BASE_URL", "ai.raxcore.dev"),
        ("UPSTREAM_PROXY", "proxy.example.com:3128"),
        ("UPSTREAM_PROXY", "http://proxy.example.com/path"),
        ("SSL_CERT_FILE", "/nowhere/authority.pem"),
        ("RUN_WHOLE_SECONDS", "86401"),
        ("LOG_LEVEL", "LOUD"),
        ("TEAM_CREATION", "admins"),
        ("MAX_BODY_BYTES", "2 MB"),
        ("BODY_TIMEOUT_SECONDS", "0"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "a sentence is not a bearer token"),
    ],
)
def test_it_names_a_malformed_setting_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    result = start(tmp_path, **{name: value})
    assert result.returncode == 1
    assert result.stderr.startswith(f"raxdash: {name} ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_it_demands_what_production_needs(tmp_path: Path, name: str) -> None:
    result = start(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(f"raxdash: {name} is not set")


def test_it_starts_in_production_with_what_it_demands(tmp_path: Path) -> None:
    assert start(tmp_path, **PRODUCTION).returncode == 0


@pytest.mark.parametrize(
    ("settings", "seconds"), [({}, "0"), (PRODUCTION, "20"), ({"DRAIN_SECONDS": "600"}, "600")]
)
def test_only_production_waits_for_live_runs_unless_it_is_told_how_long(
    tmp_path: Path, settings: dict[str, str], seconds: str
) -> None:
    code = "from raxdash.settings import DRAIN_SECONDS; print(DRAIN_SECONDS)"
    assert start(tmp_path, code, **settings).stdout.strip() == seconds


ODD = "/a#b?c%41@d:e $f'\"\\"


def test_a_database_takes_any_password_from_a_setting_of_its_own(tmp_path: Path) -> None:
    code = "from raxdash.settings import DATABASES; print(DATABASES['default']['PASSWORD'])"
    result = start(tmp_path, code, DATABASE_URL="postgres://raxdash@localhost/x", DATABASE_PASSWORD=ODD)
    assert result.stdout == f"{ODD}\n"


def test_a_password_in_the_address_of_the_database_is_the_one(tmp_path: Path) -> None:
    code = "from raxdash.settings import DATABASES; print(DATABASES['default']['PASSWORD'])"
    result = start(tmp_path, code, DATABASE_URL="postgres://raxdash:own@localhost/x", DATABASE_PASSWORD=ODD)
    assert result.stdout == "own\n"


@pytest.mark.parametrize(
    "address", ["redis://localhost:6379/3", "rediss://raxdash@localhost/3", "unix:///run/redis.sock?db=3"]
)
def test_redis_takes_any_password_from_a_setting_of_its_own(tmp_path: Path, address: str) -> None:
    code = (
        "import redis; from raxdash.settings import REDIS_URL;"
        "options = redis.ConnectionPool.from_url(REDIS_URL).connection_kwargs;"
        "print(options['db'], options['password'])"
    )
    assert start(tmp_path, code, REDIS_URL=address, REDIS_PASSWORD=ODD).stdout == f"3 {ODD}\n"


def test_mail_takes_any_password_from_a_setting_of_its_own(tmp_path: Path) -> None:
    code = "from raxdash.settings import MAILERS; print(MAILERS['default']['OPTIONS']['password'])"
    result = start(tmp_path, code, EMAIL_URL="smtps://me@example.com@mail.example.com", EMAIL_PASSWORD=ODD)
    assert result.stdout == f"{ODD}\n"


def test_a_password_that_makes_an_address_unreadable_is_told_its_place(tmp_path: Path) -> None:
    told = start(tmp_path, DATABASE_URL="postgres://raxdash:se/cret@localhost/x").stderr
    assert "DATABASE_PASSWORD" in told
    assert "cret" not in told


def test_a_file_is_read_where_the_system_has_it_in_memory(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.db import connection;"
        "print(*connection.cursor().execute('PRAGMA mmap_size').fetchone())"
    )
    assert int(start(tmp_path, code, DJANGO_SETTINGS_MODULE="raxdash.settings").stdout) >= 1 << 30


@pytest.mark.parametrize(("module", "seconds"), [("raxdash.asgi", "30"), ("raxdash.celery", "3600")])
def test_a_page_waits_less_long_for_a_statement_than_a_worker(
    tmp_path: Path, module: str, seconds: str
) -> None:
    code = (
        f"import {module}; from django.conf import settings; "
        "print(settings.DATABASES['default']['OPTIONS']['statement_seconds'])"
    )
    assert start(tmp_path, code).stdout.strip() == seconds


SHOW_HSTS = "from raxdash.settings import *; print(SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD)"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "False False"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "yes"}, "True False"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "1", "HSTS_PRELOAD": "true"}, "True True"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "no", "HSTS_PRELOAD": "off"}, "False False"),
    ],
)
def test_it_speaks_for_other_hosts_of_the_domain_only_when_asked(
    tmp_path: Path, asked: dict[str, str], told: str
) -> None:
    assert start(tmp_path, SHOW_HSTS, **PRODUCTION | asked).stdout.strip() == told


@pytest.mark.parametrize("asked", [{"HSTS_PRELOAD": "yes"}, {"HSTS_INCLUDE_SUBDOMAINS": "perhaps"}])
def test_it_names_what_cannot_be_asked_of_browsers(tmp_path: Path, asked: dict[str, str]) -> None:
    result = start(tmp_path, **PRODUCTION | asked)
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(f"raxdash: {next(iter(asked))} ")


def test_every_cookie_of_production_is_of_its_host_alone(tmp_path: Path) -> None:
    code = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'raxdash.settings'; django.setup();"
        "from django.conf import settings; from raxdash.pages.notices import HostCookieStorage;"
        "names = [getattr(settings, name) for name in dir(settings) if name.endswith('_COOKIE_NAME')];"
        "print(HostCookieStorage.cookie_name, *names)"
    )
    names = start(tmp_path, code, **PRODUCTION).stdout.split()
    assert {name for name in names if not name.startswith("__Host-")} == {"django_language"}  # never set
    assert len(names) >= 4


def test_it_makes_local_secrets_once_for_their_owner_only(tmp_path: Path) -> None:
    start(tmp_path)
    secret = tmp_path / "secret_key"
    first = secret.read_text()
    start(tmp_path)
    assert secret.read_text() == first
    assert secret.stat().st_mode & 0o777 == 0o600


def test_only_its_owner_may_look_into_the_data(tmp_path: Path) -> None:
    start(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_it_reads_keys_in_order_and_encrypts_with_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from raxdash import environment

    monkeypatch.setenv("ENCRYPTION_KEYS", f"new:{'A' * 43}=,old:{'B' * 42}A=")
    keys = environment.encryption_keys(tmp_path, production=True)
    assert list(keys) == ["new", "old"]
    assert keys["new"] == bytes(32)
