"""The Rax AI API, simulated: keys, limits, chat, streams, models, usage counters, and faults on demand.

Run `python -m rax.simulator --port 8100`, or serve one from a test with `serve()` or `running_simulator()`.
"""

from rax.simulator.catalogue import DEFAULT_MODELS, Model
from rax.simulator.clock import Clock, ManualClock
from rax.simulator.keys import DEFAULT_KEYS, FREE, PRO, Key, Plan
from rax.simulator.pace import INSTANT, Pace
from rax.simulator.server import Server, running_simulator, serve
from rax.simulator.simulator import Settings, Simulator
from rax.simulator.usage.load import Correction, Load, ModelLoad
from rax.simulator.usage.periods import Period

__all__ = [
    "DEFAULT_KEYS",
    "DEFAULT_MODELS",
    "FREE",
    "INSTANT",
    "PRO",
    "Clock",
    "Correction",
    "Key",
    "Load",
    "ManualClock",
    "Model",
    "ModelLoad",
    "Pace",
    "Period",
    "Plan",
    "Server",
    "Settings",
    "Simulator",
    "running_simulator",
    "serve",
]
