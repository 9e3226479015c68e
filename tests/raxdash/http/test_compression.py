"""Pages come compressed to who asks for them, and to nobody else; nothing else does."""

import gzip
from typing import Any

import pytest

from raxdash.http.compression import MOST_PADDING_BYTES, packed
from tests.cast import Cast

ASKED = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "none"}
PAGE = "/t/acme/keys/"


def answer(cast: Cast, path: str = PAGE, **headers: str) -> Any:
    return cast.client("alice").get(path, headers={**ASKED, **headers})


def encoding(answer: Any) -> str | None:
    found: str | None = answer.headers.get("Content-Encoding")
    return found


def test_a_page_comes_compressed_and_whole(cast: Cast) -> None:
    told = answer(cast)
    assert encoding(told) == "gzip"
    assert b"</html>" in gzip.decompress(told.content)
    assert {"Accept-Encoding", "Sec-Fetch-Site", "Cookie"} <= set(told.headers["Vary"].split(", "))


def test_a_part_of_a_page_does_too(cast: Cast) -> None:
    assert encoding(answer(cast, **{"HX-Request": "true", "Sec-Fetch-Site": "same-origin"})) == "gzip"


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_what_another_site_made_the_browser_ask_for_tells_nothing_by_its_length(
    cast: Cast, site: str
) -> None:
    told = answer(cast, **{"Sec-Fetch-Site": site})
    assert encoding(told) is None
    assert "Sec-Fetch-Site" in told.headers["Vary"]


def test_who_takes_no_gzip_gets_none(cast: Cast) -> None:
    assert encoding(answer(cast, **{"Accept-Encoding": "br"})) is None


def test_answers_to_forms_and_short_ones_and_files_pass_as_they_are(cast: Cast) -> None:
    refused = cast.client("alice").post("/t/acme/keys/add/", {}, headers=ASKED)
    assert len(refused.content) > 2_000
    assert encoding(refused) is None
    assert encoding(answer(cast, "/healthz")) is None
    assert encoding(answer(cast, "/api/v1/openapi.json")) is None


def test_the_length_of_the_same_page_varies() -> None:
    lengths = {len(packed(b"A page." * 1_000)) for _ in range(200)}
    assert 20 < len(lengths) <= MOST_PADDING_BYTES
