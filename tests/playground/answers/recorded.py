"""Raw lines of a run, kept as if a server had sent them at these times."""

from playground.models import RawLines, Run
from rax import Recorder, Recording


def recording_of(*reads: tuple[int, bytes]) -> Recording:
    """What is recorded of these reads, each so many milliseconds after the request."""
    times = iter([0, *(ms for ms, _ in reads)])
    recorder = Recorder(lambda: next(times) / 1000)
    for _, data in reads:
        recorder.hear(data)
    return recorder.finish()


def keep(run: Run, *reads: tuple[int, bytes], **fields: object) -> RawLines:
    """Keep what came in these reads for a run."""
    found = recording_of(*reads)
    return RawLines.objects.create(run=run, content=found.content, size=found.size, **fields)
