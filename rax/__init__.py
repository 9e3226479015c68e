"""The Rax API, typed and async: `from rax import Client`. Knows nothing of Django."""

from rax._addresses import AllowedAddresses
from rax._answers import RawAnswer
from rax._arguments import check_base_url
from rax._breakdown import DailyUsage, ModelUsage, Unreadable
from rax._client import Client
from rax._completion.shapes import ChatAnswer, Chunk
from rax._completion.tokens import Usage
from rax._completion.tools import ToolCall
from rax._connections import Connections
from rax._constants import DEFAULT_BASE_URL
from rax._exceptions import (
    AddressRefusedError,
    AnswerError,
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    BaseURLError,
    ConnectError,
    ConnectionLostError,
    Deadline,
    DeadlineError,
    KeyShapeError,
    Kind,
    MisuseError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RaxError,
    ServerError,
    StatusError,
    TransportError,
    UnavailableError,
)
from rax._json import JSONError, read_json
from rax._key import Key
from rax._limits import Limits
from rax._models import Model, ModelList, read_model_list
from rax._payload import asks_for_usage, chat_payload, encode_payload
from rax._recorder import RECORDED_BYTES, Recorder, Recording
from rax._recording import RecordedLine, read_recording
from rax._streaming import ChatStream
from rax._timeouts import Timeouts
from rax._usage import UsageAnswer
from rax._values import Reason

__all__ = [
    "DEFAULT_BASE_URL",
    "RECORDED_BYTES",
    "AddressRefusedError",
    "AllowedAddresses",
    "AnswerError",
    "ArgumentError",
    "AuthenticationError",
    "BadRequestError",
    "BaseURLError",
    "ChatAnswer",
    "ChatStream",
    "Chunk",
    "Client",
    "ConnectError",
    "ConnectionLostError",
    "Connections",
    "DailyUsage",
    "Deadline",
    "DeadlineError",
    "JSONError",
    "Key",
    "KeyShapeError",
    "Kind",
    "Limits",
    "MisuseError",
    "Model",
    "ModelList",
    "ModelUsage",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawAnswer",
    "RaxError",
    "Reason",
    "RecordedLine",
    "Recorder",
    "Recording",
    "ServerError",
    "StatusError",
    "Timeouts",
    "ToolCall",
    "TransportError",
    "UnavailableError",
    "Unreadable",
    "Usage",
    "UsageAnswer",
    "asks_for_usage",
    "chat_payload",
    "check_base_url",
    "encode_payload",
    "read_json",
    "read_model_list",
    "read_recording",
]
