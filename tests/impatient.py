"""raxdash's web process with connections that wait for a second at most, so that tests wait less."""

from raxdash.asgi import application
from raxdash.http import bodies
from raxdash.http.connections import Connection

__all__ = ["application"]

Connection.HEAD_SECONDS = 1
Connection.UNFINISHED_MOST = 20
Connection.UNFINISHED_SECONDS = 0.2
bodies.MOST_AT_ONCE = 0  # then there is room for two
