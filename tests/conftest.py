"""The cast and the stage: Alice owns Acme, Bob belongs to it, Vera may look, Charlie must see nothing."""

import gc
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from _pytest.terminal import TerminalReporter
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer

from tests import memory
from tests.browser import WIDE, launch_options
from tests.chaos.report import write_report
from tests.installation import PASSWORD, Installation
from tests.installed import installed, installed_for_alice
from tests.loading import OnTheirWay
from tests.run_folder import first_alone, run_folder
from tests.scheduling import Scheduling, place
from tests.servers import running_postgres, running_redis

if TYPE_CHECKING:
    from tests.cast import Cast


def pytest_configure() -> None:
    """Let the first page that a test renders prepare the static files, and all processes share a folder.

    An example of hypothesis may take its time, and a page its own: a busy machine is no counterexample. There
    are fifty of each kind, other ones in each run, and ten thousand worlds in `make worlds`.
    """
    expect.set_options(timeout=30_000)
    hypothesis.settings.register_profile(
        "unhurried",
        deadline=None,
        max_examples=50,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.register_profile(
        "thorough", hypothesis.settings.get_profile("unhurried"), max_examples=2_000
    )
    if hypothesis.settings.get_current_profile_name() == "default":  # else somebody chose another
        hypothesis.settings.load_profile("unhurried")
    run_folder()
    Installation.may_fork = True
    # pytest-django knows Django's own SQLite alone as one that is in memory.
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickScrypt", *settings.PASSWORD_HASHERS]
    settings.STORAGES["staticfiles"]["BACKEND"] = "tests.static_files.PreparedStorage"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while thousands of tests are collected, nor later among what is there to stay.

    In a fresh checkout the first process compiles them, which takes three times as long; the others need not.
    """
    gc.disable()
    try:
        with first_alone("collection"):
            return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Who wants the browser's tests alone need not collect what has none: most of six seconds of CPU."""
    is_file = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return (
        True
        if is_file and config.option.markexpr == "browser" and not names_browser(collection_path)
        else None
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with long tests, mark those that need a browser, and leave out long ones unless asked for.

    Playwright's event loop and Django's ORM cannot share a process.
    """
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            assert names_browser(item.path), f"{item.path} must name playwright, as by the type of a page"
            item.add_marker(pytest.mark.browser)
    for long in {"chaos", "worlds"} - set(config.option.markexpr.split()):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(long)])
        items[:] = [item for item in items if not item.get_closest_marker(long)]
    items.sort(key=lambda item: place(item.nodeid))


def names_browser(file: Path) -> bool:
    """Tell whether a file of tests may drive a browser: it names the library, for the types at least."""
    return b"playwright" in file.read_bytes()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Write down what chaos found."""
    write_report(terminalreporter)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Deal out groups in the order of `place`, not the largest first."""
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Tell pytest-playwright which browser to start."""
    return launch_options()


@pytest.fixture(scope="session")
def live_raxdash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running raxdash with Alice, Acme and a simulated key, shared by the tests of one process."""
    with installed_for_alice(tmp_path_factory.mktemp("raxdash")) as installation:
        yield installation


@pytest.fixture
def fresh_raxdash(tmp_path: Path) -> Iterator[Installation]:
    """A running raxdash where nobody is set up yet, for one test alone."""
    with installed(tmp_path) as installation:
        yield installation


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database: migrated in one process of a run, which takes five seconds of CPU."""
    with django_db_blocker.unblock():
        memory.set_up(lambda: request.getfixturevalue("django_db_setup"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL, started on first use."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a real Redis, started on first use."""
    with running_redis() as url:
        yield url


class Console(list[str]):
    """What the browser complained about."""

    def listen(self, page: Page) -> None:
        """Collect the page's warnings, errors and uncaught exceptions."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.append(message.text)


@pytest.fixture
def console() -> Iterator[Console]:
    """Fail the test whose browser console was not silent at its end; a test may clear what it expects."""
    heard = Console()
    yield heard
    assert not heard, heard


@pytest.fixture
def cast(db: None) -> "Cast":
    """Everybody, saved in the test's database."""
    from tests.cast import make_cast  # models cannot be imported before Django is set up

    return make_cast()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of its own, 1440 pixels wide."""
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, console: Console) -> Page:
    """A page whose console is listened to."""
    page = context.new_page()
    console.listen(page)
    return page


def sign_in(page: Page, installation: Installation, email: str = "alice@example.com") -> None:
    """Sign in through the page, as a person does, or go on with the session of the last time."""
    if email in installation.sessions:
        page.context.add_cookies(installation.sessions[email])
        return
    page.goto(f"{installation.url}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/t/**")
    installation.sessions[email] = page.context.cookies()


@pytest.fixture
def alice(page: Page, live_raxdash: Installation) -> Iterator[Page]:
    """Alice's page, signed in to the shared installation; what she had begun to write goes with it."""
    sign_in(page, live_raxdash)
    saves = OnTheirWay(page.context, "/draft/")
    yield page
    # A page saves after a while, and once more when it is left, which Playwright is not told. So it asks
    # nobody any more, and what it asked is answered, before its drafts go: the next story would begin with
    # them.
    for window in page.context.pages:
        with suppress(Error):
            window.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
            saves.wait(window)
    for table in ("playground_draftstate", "playground_draft"):
        live_raxdash.write(f"DELETE FROM {table}")
