"""What `import rax` offers, and what it drags in."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import rax
from rax import _exceptions

HTTP_LIBRARIES = ("import httpx", "import aiohttp", "import h11", "from aiohttp", "from httpx", "from h11")

SURFACE = """
AddressRefusedError AllowedAddresses AnswerError ArgumentError AuthenticationError BadRequestError
BaseURLError ChatAnswer ChatStream Chunk Client ConnectError ConnectionLostError Connections
DEFAULT_BASE_URL DailyUsage Deadline DeadlineError JSONError Key KeyShapeError Kind Limits MisuseError
Model ModelList ModelUsage NotFoundError PermissionDeniedError RECORDED_BYTES RateLimitError RawAnswer
RaxError Reason RecordedLine Recorder Recording ServerError StatusError Timeouts ToolCall TransportError
UnavailableError Unreadable Usage UsageAnswer
asks_for_usage chat_payload check_base_url encode_payload read_json read_model_list read_recording
"""


def test_the_public_surface_is_pinned():
    assert sorted(rax.__all__) == sorted(SURFACE.split())
    assert all(getattr(rax, name).__doc__ for name in rax.__all__ if name != "DEFAULT_BASE_URL")


def test_it_imports_no_django():
    script = "import rax, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_one_package_imports_the_http_library():
    folder = Path(rax.__file__).parent
    speakers = {
        path.relative_to(folder).parts[0]
        for path in folder.rglob("*.py")
        if any(line.startswith(HTTP_LIBRARIES) for line in path.read_text().splitlines())
    }
    assert speakers - {"simulator"} == {"_transport"}


def test_every_error_is_in_the_drawn_tree():
    errors = [name for name in rax.__all__ if name.endswith("Error") and name != "JSONError"]
    assert all(name in _exceptions.__doc__ for name in errors)
    assert all(issubclass(getattr(rax, name), rax.RaxError) for name in errors)
    assert issubclass(rax.Kind, StrEnum)
