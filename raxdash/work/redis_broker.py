"""Redis as the broker: kombu's transport, whose worker does not end when it loses a connection amid a task.

When a channel is closed, kombu gives back the messages that were not acknowledged. Where the connection was
closed before, it has no address to do so, and an error that ends the worker for good. Then Redis gives them
back itself, once they have been out for the `visibility_timeout`.
"""

from typing import Any

from kombu.transport import redis


class QoS(redis.QoS):
    """What of a channel's messages is not acknowledged yet."""

    def restore_unacked(self, client: Any = None) -> None:
        """Give all of them back, if there is a connection to do so by."""
        if self.channel.connection.client is not None:
            super().restore_unacked(client)


class Channel(redis.Channel):
    """A channel that can be closed whatever became of its connection."""

    QoS = QoS


class Transport(redis.Transport):
    """The transport of such channels."""

    Channel = Channel
