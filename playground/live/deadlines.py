"""How long a run may wait for the API, and in all."""

from rax import Timeouts

TIMEOUTS = Timeouts()
