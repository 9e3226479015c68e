"""`/control/`: steering a running simulator from outside. Loopback only, and only when it was switched on."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from aiohttp import web

from rax.simulator.catalogue import Model
from rax.simulator.errors import error_body
from rax.simulator.faults import REGISTRY, parse_wishes
from rax.simulator.keys import Key, parse_plan
from rax.simulator.pace import Pace
from rax.simulator.simulator import Settings, Simulator
from rax.simulator.usage.load import Correction, Load, ModelLoad

CHOICES = {
    "reset_format": ("epoch", "epoch_ms", "seconds", "iso", "duration"),
    "dialect": ("documented", "client"),
    "stream_usage": ("accept", "reject", "ignore", "always"),
}


class Control:
    """One endpoint for each thing that can be read or changed; bodies and answers are JSON."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/requests", _guard(self.read_requests)),
            web.delete("/control/requests", _guard(self.clear_requests)),
            web.get("/control/faults", _guard(self.list_faults)),
            web.put("/control/settings", _guard(self.change_settings)),
            web.post("/control/clock", _guard(self.advance_clock)),
            web.put("/control/keys/{secret}", _guard(self.put_key)),
            web.delete("/control/keys/{secret}", _guard(self.delete_key)),
            web.put("/control/models/{id}", _guard(self.put_model)),
            web.delete("/control/models/{id}", _guard(self.delete_model)),
        ]

    def read_requests(self, request: web.Request, body: dict[str, Any]) -> Any:
        """The log, oldest first."""
        return [exchange.as_json() for exchange in self.simulator.log]

    def clear_requests(self, request: web.Request, body: dict[str, Any]) -> Any:
        self.simulator.log.clear()
        return {}

    def list_faults(self, request: web.Request, body: dict[str, Any]) -> Any:
        return {name: fault.summary for name, fault in sorted(REGISTRY.items())}

    def change_settings(self, request: web.Request, body: dict[str, Any]) -> Any:
        """Any fields of `Settings`; `pace` is an object with the fields of `Pace`."""
        change_settings(self.simulator.settings, body)
        return {"faults": self.simulator.settings.faults}

    def advance_clock(self, request: web.Request, body: dict[str, Any]) -> Any:
        """`{"seconds": 3600}`; answers the new time."""
        self.simulator.clock.advance(timedelta(seconds=body["seconds"]))
        return {"now": self.simulator.clock.now()}

    def put_key(self, request: web.Request, body: dict[str, Any]) -> Any:
        """`{"plan", "account", "load": [fields of ModelLoad], "corrections": [fields of Correction],
        "models": [ids of those it is offered]}`; of a known key its load and models stay where none are told.
        """
        secret = request.match_info["secret"]
        known = self.simulator.keys.get(secret)
        load = read_load(body) if {"load", "corrections"} & set(body) else (known.load if known else Load())
        plan = parse_plan(body.get("plan", "free"))
        seen = body.get("models", known.models if known else None)
        models = None if seen is None else frozenset(seen)
        self.simulator.keys[secret] = Key(secret, plan, body.get("account", ""), load, models)
        return {}

    def delete_key(self, request: web.Request, body: dict[str, Any]) -> Any:
        self.simulator.keys.pop(request.match_info["secret"], None)
        return {}

    def put_model(self, request: web.Request, body: dict[str, Any]) -> Any:
        """The fields of `Model` but its id."""
        model = Model(request.match_info["id"], **body)
        self.simulator.models = self.simulator.models | {model.id: model}
        return {}

    def delete_model(self, request: web.Request, body: dict[str, Any]) -> Any:
        gone = request.match_info["id"]
        self.simulator.models = {name: model for name, model in self.simulator.models.items() if name != gone}
        return {}


def change_settings(settings: Settings, changes: dict[str, Any]) -> None:
    """Set fields by name. Raises ValueError or TypeError, changing nothing, for what does not fit."""
    unknown = set(changes) - {field.name for field in fields(Settings)}
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    for name, choices in CHOICES.items():
        if name in changes and changes[name] not in choices:
            raise ValueError(f"{name} is one of {', '.join(choices)}")
    parse_wishes(changes.get("faults", ""))
    if "pace" in changes:
        changes = changes | {"pace": replace(Pace(), **changes["pace"])}
    for name, value in changes.items():
        setattr(settings, name, value)


def read_load(body: dict[str, Any]) -> Load:
    """A load from JSON; the instants in it are ISO 8601 with a zone."""
    return Load(
        tuple(ModelLoad(**_with_instants(row, "since", "until")) for row in body.get("load", [])),
        tuple(Correction(**_with_instants(row, "at")) for row in body.get("corrections", [])),
    )


def _with_instants(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: datetime.fromisoformat(row[name]) for name in names if row.get(name)}


def _guard(
    act: Callable[[web.Request, dict[str, Any]], Any],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Refuse who is not on this machine; answer 400 with the reason for what cannot be done."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if not ipaddress.ip_address(request.remote or "0.0.0.0").is_loopback:  # noqa: S104 - not bound, compared
            return _json(error_body(403, "Control is for this machine only."), 403)
        try:
            raw = await request.read()
            return _json(act(request, orjson.loads(raw) if raw else {}))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _json(error_body(400, f"{type(error).__name__}: {error}"), 400)

    return handle


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
