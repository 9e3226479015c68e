"""Every number the client waits for, retries by, or refuses beyond. Seconds and bytes, as the names say."""

from typing import Final

DEFAULT_BASE_URL: Final = "https://ai.raxcore.dev/api/v1"

# Deadlines, kept outside the HTTP library: its own timeouts restart with every byte.
CONNECT_SECONDS: Final = 10.0
GET_SECONDS: Final = 30.0
# Models think for minutes before they say a word, and some queue for as long.
FIRST_TOKEN_SECONDS: Final = 600.0
BETWEEN_TOKENS_SECONDS: Final = 120.0
WHOLE_SECONDS: Final = 1800.0
# Longer is without end: ten years.
FARTHEST_DEADLINE_SECONDS: Final = 10 * 366 * 24 * 3600.0
# After a finish_reason only usage and [DONE] can follow: a server that says neither has ended.
AFTER_FINISH_SECONDS: Final = 5.0
# So many times as long where more may well follow: usage that was asked for, or words, as they came with the
# reason itself (some servers give one with every piece).
AFTER_FINISH_PATIENCE: Final = 3
AFTER_FINISH_LONGEST_SECONDS: Final = AFTER_FINISH_SECONDS * AFTER_FINISH_PATIENCE
# After [DONE] only the end of the body can follow; seen in time, the connection is used again.
AFTER_DONE_SECONDS: Final = 0.05
# So long an error's body is waited for: its status is known.
ERROR_BODY_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 1.0

# Retries: GET only. The wait is uniform in (0, min(cap, base * 2**attempt)), or what the server asks.
GET_RETRIES: Final = 2
RETRY_BASE_SECONDS: Final = 0.5
RETRY_CAP_SECONDS: Final = 8.0
RETRY_AFTER_CAP_SECONDS: Final = 10.0
RETRIED_STATUSES: Final = frozenset({429, 500, 502, 503, 504})

# The pool.
CONNECTIONS_PER_HOST: Final = 512
CONNECTIONS_TOTAL: Final = 2048
# Below the five seconds after which common servers hang up: a POST that meets the hang-up is lost.
KEEPALIVE_SECONDS: Final = 4.0
HEADER_LINE_BYTES: Final = 16 * 1024
HEADER_COUNT: Final = 128
HEADER_VALUE_CHARS: Final = 256
HEADER_NAME_CHARS: Final = 100
KEPT_HEADERS: Final = 64

# What an answer may weigh.
JSON_BYTES: Final = 8 * 1024 * 1024
JSON_DEPTH: Final = 32
# What is kept of a body, and the longest a key can be with each of its characters escaped: a text is cut to
# both together, then the key is taken out, then it is cut again, so that no key is cut in two.
ANSWER_BODY_BYTES: Final = 256 * 1024
ENCODED_KEY_BYTES: Final = 8 * 1024
ERROR_BODY_BYTES: Final = ANSWER_BODY_BYTES + ENCODED_KEY_BYTES
EVENT_LINE_BYTES: Final = 1024 * 1024
STREAM_BYTES: Final = 64 * 1024 * 1024

# What is kept of what a server says in words.
BODY_CHARS: Final = 2000
MESSAGE_CHARS: Final = 1000
NAME_CHARS: Final = 200
DESCRIPTION_CHARS: Final = 2000
CURRENCY_CHARS: Final = 16
MAX_ITEMS: Final = 5000
# Of one answer; what comes under further ones is passed over.
MOST_CHOICES: Final = 128
MOST_TOOL_CALLS: Final = 1000
# No request can have used more: a count above it is not believed.
MOST_TOKENS: Final = 100_000_000

# An amount of money with more decimals is none.
MONEY_DECIMALS: Final = 30

KEY_CHARS: Final = 512
URL_CHARS: Final = 2000
# Largest integer that every JSON reader and database column here keeps exactly.
LARGEST_INTEGER: Final = 2**63 - 1
# A reset or a Retry-After further away than this is not believed.
FARTHEST_RESET_SECONDS: Final = 366 * 24 * 3600.0

VERSION: Final = "0.1.0"
USER_AGENT: Final = f"raxdash/{VERSION}"
