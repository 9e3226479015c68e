"""Keep what came back for a run, with its end."""

from playground.live.outcome.outcomes import RunOutcome
from playground.models import RawLines, RunQuerySet

COLUMNS = ("content", "size", "is_withheld", "made_at")


def put(runs: RunQuerySet, outcome: RunOutcome) -> None:
    """Keep the raw lines of this run, unless its words were erased; may be repeated."""
    recording = outcome.recording
    if recording is None or not recording.size:
        return
    for run_id in runs.with_words().values_list("pk", flat=True):
        told = {"content": recording.content, "size": recording.size, "is_withheld": recording.is_withheld}
        made = {"made_at": outcome.finished_at} if outcome.finished_at else {}
        lines = RawLines(run_id=run_id, **told, **made)
        RawLines.objects.bulk_create(
            [lines], update_conflicts=True, unique_fields=["run"], update_fields=COLUMNS
        )
