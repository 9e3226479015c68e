"""One request and its whole answer: headers sent, deadlines kept, bytes bounded, errors named."""

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Final, NoReturn

from rax._arguments import Key, encode
from rax._connections import Connections
from rax._constants import (
    CHAT_SECONDS,
    CONNECT_SECONDS,
    ERROR_BODY_BYTES,
    GET_RETRIES,
    GET_SECONDS,
    IDLE_SECONDS,
    JSON_BYTES,
    RETRIED_STATUSES,
    RETRY_AFTER_CAP_SECONDS,
    RETRY_BASE_SECONDS,
    RETRY_CAP_SECONDS,
    STREAM_SECONDS,
)
from rax._errors import error_from_answer, error_from_event, excerpt, holds_error, request_id_of
from rax._exceptions import AnswerError, ConnectError, ConnectionLostError, DeadlineError, Kind, RaxError, StatusError
from rax._json import JSONError, read_json
from rax._limits import Limits, parse_limits
from rax._transport import Answer

_random: Final = SystemRandom()
