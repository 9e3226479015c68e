"""Which request and which run a line of the log belongs to, wherever in the code it is written.

The address that is being answered (path, query, referer) is known so that it can be kept out of the log.
"""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
run_id: ContextVar[str] = ContextVar("run_id", default="")
address: ContextVar[tuple[str, ...]] = ContextVar("address", default=())
