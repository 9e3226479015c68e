"""raxdash's own modules, loaded by what every process of it has in common.

While they load there are no settings but those that are the same whatever the environment is. What asks for
another one, or is of one process, is loaded by each process for itself, and so is all that imports it. What
`django.setup` does, each process does for itself: it finds the classes made, and no app installed yet.
"""

import ast
import importlib
import pkgutil
import sys
from collections import Counter
from typing import Any

from django.apps import AppConfig, apps
from django.conf import global_settings, settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.dummy.base import DatabaseWrapper as NoDatabase
from django.utils.functional import empty

from tests.forks.forked import ROOT

APPS = ("common", "teams", "usage", "playground")
# It names the process that it is loaded in.
OF_ONE_PROCESS = ("playground.live.storage",)
# `raxdash` makes Celery's application, and asks the environment for settings, as soon as it is imported.
EACH_FOR_ITSELF = ("raxdash",)


class DatabaseWrapper(NoDatabase):
    """A database of no kind: models ask it for the longest name of a table, and nobody for more."""

    @property
    def vendor(self) -> str:  # type: ignore[override]
        """Refuse: this process may be of either kind."""
        raise ImproperlyConfigured("which database there is differs between processes")


class Common:
    """Settings that are the same in every process; others are refused."""

    def __init__(self) -> None:
        self.constants, self.others = constants()

    def __getattr__(self, name: str) -> Any:
        if name in self.constants:
            return self.constants[name]
        if name in self.others:
            raise ImproperlyConfigured(f"{name} differs between processes")
        return getattr(global_settings, name)

    def is_overridden(self, name: str) -> bool:
        """Tell whether raxdash sets it."""
        return name in self.constants or name in self.others


def constants() -> tuple[dict[str, Any], set[str]]:
    """Return what `raxdash.settings` sets to literals, and the names of what it finds out."""
    tree = ast.parse((ROOT / "raxdash/settings.py").read_text())
    names = [
        node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    times = Counter(node.id for node in names)
    found: dict[str, Any] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if times[name] == 1 and is_literal(
                value
            ):
                found[name] = ast.literal_eval(value)
    return found, times.keys() - found.keys()


def is_literal(value: ast.expr) -> bool:
    """Tell whether an expression says what it is worth, whoever evaluates it."""
    return not any(isinstance(node, (ast.Name, ast.Call)) for node in ast.walk(value))


def load() -> None:
    """Import what can be, and forget the settings and the apps."""
    settings._wrapped = Common()
    connections["default"] = DatabaseWrapper({}, "default")
    withheld: Any = dict.fromkeys((*OF_ONE_PROCESS, *EACH_FOR_ITSELF))
    sys.modules.update(withheld)  # an import of any of them fails
    try:
        install_apps()
        for name in names_of_all():
            try:
                importlib.import_module(name)
            except (ImportError, ImproperlyConfigured):
                continue
    finally:
        for name in withheld:
            del sys.modules[name]
        forget()


def install_apps() -> None:
    """Load the models, as far as `django.setup` comes before the apps are ready."""
    names = [name for name in settings.INSTALLED_APPS if name not in EACH_FOR_ITSELF]
    for config in map(AppConfig.create, names):
        apps.app_configs[config.label] = config
        config.apps = apps
    apps.apps_ready = True
    apps.clear_cache()
    for config in apps.app_configs.values():
        config.import_models()
    apps.models_ready = True


def names_of_all() -> list[str]:
    """Return the names of the apps' modules."""
    folders = [(app, importlib.import_module(app).__path__) for app in APPS]
    found = [
        module for app, path in folders for module in pkgutil.walk_packages(path, f"{app}.", passed_over)
    ]
    return [module.name for module in found]


def passed_over(_package: str) -> None:
    """A package that cannot be imported here is not looked into."""


def forget() -> None:
    """Leave Django as it is before anybody has told it what it is for."""
    apps.app_configs.clear()
    apps.apps_ready = apps.models_ready = False
    apps.clear_cache()
    del connections["default"]
    settings._wrapped = empty
