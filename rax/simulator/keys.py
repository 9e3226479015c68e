"""Plans and keys: who may ask, and how much. The two plans are the documented tiers."""

from dataclasses import dataclass, field

from rax.simulator.usage.load import Load


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of a key; `tokens_per_day` is None where there is no such limit."""

    name: str
    requests_per_minute: int
    tokens_per_day: int | None = None


FREE = Plan("free", requests_per_minute=60, tokens_per_day=100_000)
PRO = Plan("pro", requests_per_minute=600)
PLANS = {plan.name: plan for plan in (FREE, PRO)}


@dataclass(frozen=True, slots=True)
class Key:
    """A secret that the simulator accepts. `account` names the counters: keys of one account share them.

    `models` are the ids of those that it is offered; None for all.
    """

    secret: str
    plan: Plan
    account: str = ""
    load: Load = field(default_factory=Load)
    models: frozenset[str] | None = None

    @property
    def meter(self) -> str:
        return self.account or self.secret


DEFAULT_KEYS = (Key("rax_demo_free", FREE), Key("rax_demo_pro", PRO))


def parse_key(text: str) -> Key:
    """`SECRET:PLAN[:ACCOUNT]`; PLAN is `free`, `pro` or `REQUESTS_PER_MINUTE[/TOKENS_PER_DAY]`.

    Raises ValueError that says what is wrong.
    """
    secret, _, rest = text.partition(":")
    plan, _, account = rest.partition(":")
    if not secret or not secret.isprintable() or " " in secret:
        raise ValueError(f"a key is SECRET:PLAN[:ACCOUNT], not {text!r}")
    return Key(secret, parse_plan(plan or "free"), account)


def parse_plan(text: str) -> Plan:
    """A named plan, or own numbers such as `120` or `120/50000`. Raises ValueError otherwise."""
    if text in PLANS:
        return PLANS[text]
    requests, _, tokens = text.partition("/")
    if not requests.isdecimal() or (tokens and not tokens.isdecimal()):
        raise ValueError(f"a plan is 'free', 'pro' or REQUESTS[/TOKENS], not {text!r}")
    return Plan(text, int(requests), int(tokens) if tokens else None)
