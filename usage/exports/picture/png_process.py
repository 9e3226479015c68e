"""Draw an SVG as PNG, in a process of its own: started as a script with the files of its fonts, it reads the
one and writes the other.

Drawing takes some tenths of a second in which nothing else of its process goes on: no stream of a web process
is to wait for that. It imports nothing of ours.
"""

import contextlib
import resource
import sys

import resvg_py

CPU_SECONDS, MEMORY_BYTES = 10, 1024**3
# Twice as many pixels each way as SVG has units: for screens of today and for paper.
ZOOM = 2


def main() -> None:
    """Answer what stands on the standard input."""
    limits = {resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CORE: 0}
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(limit, (most, most))
    drawn = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=sys.argv[1:],
        font_family="Inter",
        sans_serif_family="Inter",
    )
    sys.stdout.buffer.write(bytes(drawn))


if __name__ == "__main__":
    main()
