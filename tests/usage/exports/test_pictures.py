"""The chart of a question as a picture: our own SVG of the figure that the page draws, and PNG of that."""

import re
import struct
import zlib
from datetime import timedelta
from html import unescape
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, page
from tests.usage.explore.reading import figure as figure_of
from tests.usage.exports.reading import answer, content
from tests.usage.polled import make_meter, poll
from usage.exports.picture import letters, paints, picture
from usage.exports.picture.png import NotDrawn, drawable, font_files, png
from usage.exports.picture.svg import clean

pytestmark = pytest.mark.usefixtures("noon")

SVG = "{http://www.w3.org/2000/svg}"
DAY = timedelta(days=1)
MONTH = "period=month"
NAME = "Nightly <batch> & “co”"


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Two keys that used something on several days, one of them with a name that markup could break."""
    keys = [cast.key, make_key(cast.team, cast.alice, NAME)]
    for number, key in enumerate(keys, 1):
        meter = make_meter(key, NOON)
        for day in range(8, 0, -1):
            tokens = (9 - day) * 1_000 * number
            poll(meter, NOON - day * DAY, {"rax-4.0": (tokens, 10)}, *PERIOD)
    return cast.client("alice")


def svg(client: Client, query: str = MONTH) -> ElementTree.Element:
    return ElementTree.fromstring(content(answer(client, "svg", query)))


def words(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def test_it_says_what_it_shows(alice: Client) -> None:
    told = words(svg(alice, f"{MONTH}&by=key"))
    assert told[0] == "Tokens by key, 1 – 30 Nov 2026"
    assert "Acme · " in told[1]
    assert any(word.startswith(f"{NAME}  ") for word in told)
    assert any(word.startswith("As of 22 Nov 2026") for word in told)


def test_what_is_imported_has_dots_of_its_own() -> None:
    plain = paints.worn("plain", 0)
    assert paints.worn("dotted", 0) == [*plain, {"fill": "url(#dots)"}]
    assert 'id="dots"' in paints.PATTERNS


def test_it_has_the_ticks_and_the_bars_of_the_page(alice: Client) -> None:
    drawn, picture = figure_of(page(alice, f"?{MONTH}&by=key")), svg(alice, f"{MONTH}&by=key")
    told = words(picture)
    for axis in ("xaxis", "yaxis"):
        assert set(drawn["layout"][axis]["ticktext"]) <= set(told)
    boxes = sum(each.get("d", "").count("h") // 2 for each in picture.iter(f"{SVG}path"))
    bars = sum(len([y for y in trace["y"] if y]) for trace in drawn["data"] if trace["type"] == "bar")
    legend = len(drawn["layout"]["meta"]["columns"])
    assert boxes >= bars + legend > 10


def heights(picture: ElementTree.Element, colour: str) -> list[float]:
    """How high the bars of a colour are; swatches of the legend are ten units wide."""
    found = []
    for each in picture.iter(f"{SVG}path"):
        if each.get("fill") == colour:
            found += [float(v) for h, v in re.findall(r"h([\d.]+)v([\d.]+)", each.get("d", "")) if h != "10"]
    return found


def test_bars_are_as_high_as_their_amounts(alice: Client) -> None:
    query = "start=2026-11-16&end=2026-11-20&step=day"
    picture, drawn = svg(alice, query), figure_of(page(alice, f"?{query}"))
    traces = [trace for trace in drawn["data"] if trace["type"] == "bar" and "base" not in trace]
    amounts = [amount for trace in traces for amount in trace["y"] if amount]
    colour = paints.worn("plain", drawn["layout"]["meta"]["columns"][0][1])[0]["fill"]
    tall = heights(picture, str(colour))
    assert len(tall) == len(amounts) > 2
    assert [round(height / max(tall), 2) for height in tall] == [round(y / max(amounts), 2) for y in amounts]


def test_there_is_never_an_image_a_link_or_a_script_in_it(alice: Client) -> None:
    text = content(answer(alice, "svg", f"{MONTH}&by=key&compare=previous&view=cumulative")).decode()
    for word in ("<image", "href", "http://", "<script", "foreignObject", "<style", "data:"):
        assert word not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert set(re.findall(r"url\((.*?)\)", text)) <= {"#slashes", "#hatches"}


@pytest.mark.parametrize(
    "query",
    ["period=12m", "period=90d", f"{MONTH}&view=cumulative", f"{MONTH}&compare=previous", "measure=requests"],
)
def test_every_view_of_the_page_can_be_drawn(alice: Client, query: str) -> None:
    picture = svg(alice, query)
    assert len(words(picture)) > 8
    numbers = [
        float(n) for each in picture.iter(f"{SVG}path") for n in re.findall(r"-?[\d.]+", each.get("d", ""))
    ]
    assert len(numbers) > 10
    assert all(-2_000 < number < 3_000 for number in numbers)


def test_its_colours_are_those_of_a_light_page() -> None:
    css = (
        (settings.BASE_DIR / "static/common/variables.css").read_text().partition('[data-bs-theme="dark"]')[0]
    )
    told = dict(re.findall(r"--([\w-]+): (#\w+);", css))
    for name in ("INK", "INK_2", "INK_3", "LINE", "ACCENT", "BAD", "BAD_INK"):
        assert getattr(paints, name) == told[name.lower().replace("_", "-")]


def test_signs_that_no_svg_may_hold_are_replaced() -> None:
    assert clean("a\x00b\ud800c\x1b\ufffe") == "a\ufffdb\ufffdc\ufffd\ufffd"


def pixels(image: bytes, most: int = 100) -> tuple[int, int, list[bytes]]:
    """The size of a PNG of eight bits RGBA, and its first lines."""
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", image[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(image):
        (length,), name = struct.unpack(">I", image[at : at + 4]), image[at + 4 : at + 8]
        data += image[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    return width, height, list(islice(unfiltered(zlib.decompress(data), 4 * width), most))


def unfiltered(data: bytes, length: int):
    before = bytearray(length)
    for start in range(0, len(data), length + 1):
        kind, line = data[start], bytearray(data[start + 1 : start + 1 + length])
        for place in range(length):
            left = line[place - 4] if place >= 4 else 0
            up, corner = before[place], before[place - 4] if place >= 4 else 0
            line[place] = (line[place] + predicted(kind, left, up, corner)) & 255
        yield bytes(line)
        before = line


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda one: abs(guess - one))
    return (0, left, up, (left + up) // 2)[kind]


def dark(lines: list[bytes]) -> int:
    """How many dots are nearly black."""
    return sum(max(line[at : at + 3]) < 80 for line in lines for at in range(0, len(line), 4))


TITLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="24" font-family="Inter, \'DejaVu Sans\'">'
)


@pytest.mark.parametrize("words", ["Tokens by model", "Ωμέγα Жук", "שלום عربي", "₴ ≈ →"])
def test_text_is_drawn_with_fonts_that_are_shipped(words: str) -> None:
    with_text = TITLE + f'<text x="4" y="18" font-size="16">{words}</text></svg>'
    assert dark(pixels(png(with_text))[2]) > 100


def test_a_png_is_the_picture_with_its_text(alice: Client) -> None:
    response = answer(alice, "png", MONTH)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].endswith('.png"')
    width, height, lines = pixels(content(response))
    text = content(answer(alice, "svg", MONTH)).decode()
    size = re.search(r'viewBox="0 0 (\d+) ([\d.]+)"', text)
    assert size
    assert (width, height) == (2 * int(size[1]), round(2 * float(size[2])))
    bare = pixels(png(re.sub(r"<text.*?</text>", "", text)))[2]
    # The title stands at the top; without text there is nothing.
    assert dark(lines[30:100]) > 500
    assert dark(bare[30:100]) == 0


def test_nothing_is_drawn_without_its_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage.exports.picture.png.FONTS", ("No_such_font.ttf",))
    with pytest.raises(NotDrawn, match="fonts of pictures are missing"):
        png(f"{TITLE}</svg>")


def test_all_fonts_are_there_and_free() -> None:
    for file in font_files():
        assert file.is_file()
    assert "SIL Open Font License" in (Path(font_files()[0]).parent / "inter-LICENSE.txt").read_text()


def test_where_there_is_no_chart_it_says_so(cast: Cast) -> None:
    for kind in ("svg", "png"):
        response = cast.client("vera").get(f"/t/acme/usage/export.{kind}", follow=True)
        assert "no number is known" in unescape(response.content.decode())
    poll(make_meter(cast.key, NOON), NOON, {"rax-4.0": (1, 1)}, *PERIOD)
    response = cast.client("vera").get(
        "/t/acme/usage/export.svg?start=2020-01-01&end=2020-01-02", follow=True
    )
    assert "no chart" in unescape(response.content.decode())


def lines(text: str) -> str:
    """A picture of a text."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text y="20">{text}</text></svg>'


@pytest.fixture
def fonts_of_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a font, until one is put into this folder."""
    monkeypatch.setattr(letters, "FOLDERS", (tmp_path,))
    letters.fonts_of_machine.cache_clear()
    return tmp_path


def test_letters_that_no_font_has_are_told_by_their_numbers(fonts_of_machine: Path) -> None:
    text, fonts = drawable(lines("产品环境 and 泰, مفتاح, מפתח, Ключ, Ω ≈ …"))
    assert text == lines("[U+4EA7 U+54C1…] and [U+6CF0], مفتاح, מפתח, Ключ, Ω ≈ …")
    assert fonts == font_files()


def test_a_font_of_the_machine_is_taken_for_what_ours_lack(
    fonts_of_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inter, *_, dejavu = font_files()
    (fonts_of_machine / "broken.ttf").write_bytes(b"no font at all")
    (fonts_of_machine / "Some-Bold.ttf").write_bytes(dejavu.read_bytes())
    (fonts_of_machine / "Some.ttf").write_bytes(dejavu.read_bytes())
    monkeypatch.setattr("usage.exports.picture.png.font_files", lambda: [inter])
    text, fonts = drawable(lines("מפתח 产"))
    assert fonts == [inter, fonts_of_machine / "Some.ttf"]
    assert text == lines("מפתח [U+4EA7]")
    assert drawable(lines("Key"))[1] == [inter]


def test_wide_letters_take_twice_the_room() -> None:
    assert picture.cut("产" * 30, 48) == f"{'产' * 23}…"
    assert picture.cut("a" * 50, 48) == f"{'a' * 47}…"
    assert picture.cut("产" * 24, 48) == "产" * 24
