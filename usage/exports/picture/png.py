"""A picture as PNG, with the fonts that we ship: it looks the same wherever it is drawn. For letters that
they have not got, Chinese ones say, a font of the machine is taken.
"""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings

from usage.exports.picture import letters

FONTS = ("Inter_400Regular.ttf", "Inter_600SemiBold.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
PROCESS = Path(__file__).parent / "png_process.py"
TIMEOUT_SECONDS = 20
# So many are drawn at once by one process of ours; others wait as long as a drawing may take.
AT_ONCE = BoundedSemaphore(2)


class NotDrawn(Exception):
    """No picture came of it; its text tells a person so."""


def png(picture: str) -> bytes:
    """Draw an SVG; letters that no font here has are told by their numbers. Raises `NotDrawn`."""
    if not all(file.is_file() for file in font_files()):
        raise NotDrawn("The fonts of pictures are missing: static files are to be built anew.")
    if not AT_ONCE.acquire(timeout=TIMEOUT_SECONDS):
        raise NotDrawn("Other pictures are being drawn: try again in a moment.")
    try:
        text, fonts = drawable(picture)
        command = [sys.executable, "-I", str(PROCESS), *map(str, fonts)]
        done = subprocess.run(  # noqa: S603  our own script
            command,
            input=text.encode(),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
            env={},
        )
    except subprocess.SubprocessError as error:
        raise NotDrawn("This picture could not be drawn; as SVG it can be had.") from error
    finally:
        AT_ONCE.release()
    return done.stdout


def drawable(picture: str) -> tuple[str, list[Path]]:
    """A picture of which every letter can be drawn, and the fonts for it."""
    fonts = font_files()
    lacking = letters.missing(picture, fonts)
    if lacking and (other := letters.font_with(lacking)):
        fonts.append(other)
        lacking = letters.missing(picture, fonts)
    return letters.numbered(picture, lacking), fonts


def font_files() -> list[Path]:
    """The fonts, where `build_assets` puts them."""
    return [settings.BASE_DIR / "build" / "fonts" / name for name in FONTS]
