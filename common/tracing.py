"""Which request and which run a line of the log belongs to, wherever in the code it is written."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
run_id: ContextVar[str] = ContextVar("run_id", default="")
