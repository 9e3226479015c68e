"""Run the stories one after the other and report: `make image-test`, with IMAGE=many or single one half."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.image import single, stories
from tests.image.containers import Containers
from tests.image.person import Person

Story = Callable[[Containers, Person], None]


def main() -> int:
    """Return the exit code: 1 where a story failed, 2 where there is no Docker."""
    for command in (["docker", "info"], ["docker", "compose", "version"]):
        if not shutil.which("docker") or subprocess.run(command, capture_output=True, check=False).returncode:
            print(f"raxdash: `{' '.join(command)}` does not answer: a Docker daemon and Compose 2 are needed")
            return 2
    # Ended from outside, it cleans up all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    name = f"raxdash-image-test-{os.getpid()}"
    wanted = sys.argv[1:] or ["many", "single"]
    failed = 0
    if "many" in wanted:
        failed += tell("compose.yaml", name, "web", stories.STORIES)
    if "single" in wanted:
        failed += tell("compose.single.yaml", f"{name}-single", "raxdash", single.STORIES)
    print(f"{failed} stories failed" if failed else "every story holds")
    return min(failed, 1)


def tell(file: str, name: str, web: str, told: Sequence[Story]) -> int:
    """Run the stories of one project; return how many failed."""
    print(f"── {file}", flush=True)
    with tempfile.TemporaryDirectory(prefix="raxdash-image-") as folder:
        one = Containers(Path(folder), name, file, web)
        one.prepare()
        try:
            with one.in_front():
                alice = Person(one)
                return sum([not holds(story, one, alice) for story in told])
        finally:
            one.remove()


def holds(story: Story, one: Containers, alice: Person) -> bool:
    """Run one story and say how it went."""
    started = time.monotonic()
    name = story.__name__.replace("_", " ")
    try:
        story(one, alice)
    except Exception:
        print(f"FAIL  {name}\n{traceback.format_exc(limit=-3)}", flush=True)
        print(one.compose("logs", "--tail", "15", one.web, "worker", check=False), flush=True)
        return False
    print(f"ok    {name} ({time.monotonic() - started:.0f} s)", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
