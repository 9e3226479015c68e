"""Raw lines: each with its time, stalls marked, for as long as the team says, for the team alone."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from playground.answers.raw import LINES_PER_PAGE, SHOWN_CHARS
from playground.answers.timeline import stalls_in
from playground.history import retention
from playground.history.erasing import erase
from playground.history.retention import forget_due
from playground.models import RawLines, Run
from teams.models import Team
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.answers.recorded import keep
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words

DAY = timedelta(days=1)


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(answer="Hello.", finish_reason="stop", duration_ms=2_000)


def path(run: Run, rest: str = "?view=raw") -> str:
    return f"/t/acme/playground/runs/{run.pk}/{rest}"


def page(cast: Cast, run: Run, rest: str = "?view=raw") -> str:
    return without_directions(cast.client("vera").get(path(run, rest)).text)


def test_each_line_stands_there_with_its_time(cast: Cast, run: Run) -> None:
    keep(run, (120, b'data: {"a": "<b>"}\n\n'), (1_990, b"data: [DONE]\n"))
    text = words(page(cast, run))
    assert '120 ms data: {"a": "<b>"}' in text
    assert "1,990 ms data: [DONE]" in text
    assert "3 lines" in text
    assert "The first came after 120 ms" in text


def test_a_stall_is_marked_where_it_was(cast: Cast, run: Run) -> None:
    keep(run, *((100 + 20 * number, b"data: a\n") for number in range(20)), (1_980, b"data: b\n"))
    shown = page(cast, run)
    assert "stall: 1.5 s 1,980 ms data: b" in words(shown)
    assert "Nothing came for 1.5 s , from 0.5 s on." in words(shown)
    assert shown.count('class="timeline-stall" x="240.0" y="0" width="750.0"') == 1


@pytest.mark.parametrize(
    ("times", "end", "stalls"),
    [
        ([5_000], 5_000, []),  # to wait for the first line is none
        ([100, 120, 140, 740], 740, [(140, 740)]),
        ([100, 120, 140, 600], 600, []),  # half a second is the least
        ([1_000, 2_000, 3_000, 12_000], 12_000, []),  # slow, and as slow as ever
        ([1_000, 2_000, 3_000, 13_000], 13_000, [(3_000, 13_000)]),
        ([100, 110, 120], 30_120, [(120, 30_120)]),  # nothing more came
        ([], 9_000, []),
    ],
)
def test_a_stall_is_a_gap_that_stands_out(times: list[int], end: int, stalls: list[tuple[int, int]]) -> None:
    assert [(gap.from_ms, gap.to_ms) for gap in stalls_in(times, end)] == stalls


def test_rubbish_and_long_lines_can_be_looked_at(cast: Cast, run: Run) -> None:
    keep(run, (10, b"\x00\xff\x1b[31m\xe2\x80\xae\n" + b"x" * 5_000 + b"\n"))
    shown = page(cast, run)
    assert "\u2400\\xff\u241b[31m" in unescape(shown)
    assert f"{5_000 - SHOWN_CHARS:,} more characters" in shown
    assert "x" * (SHOWN_CHARS + 1) not in shown


def test_many_lines_are_turned_page_by_page(cast: Cast, run: Run) -> None:
    keep(run, (10, b"".join(b"line %d\n" % number for number in range(1, 451))))
    assert words(page(cast, run)).count(" ms line ") == LINES_PER_PAGE
    second = words(page(cast, run, f"?view=raw&from={LINES_PER_PAGE + 1}"))
    assert f"line {LINES_PER_PAGE + 1} " in second
    assert "Lines 201 – 400" in second
    assert "10 ms line 450" in words(page(cast, run, "?view=raw&from=401"))
    assert "10 ms line 1 " in words(page(cast, run, "?view=raw&from=99999"))


def test_what_was_cut_says_so(cast: Cast, run: Run) -> None:
    keep(run, (10, b"".join(b"%06d %s\n" % (number, b"x" * 93) for number in range(20_000))))
    lines = cast.client("vera").get(path(run, "raw.txt")).text.splitlines()
    (gap,) = [number for number, line in enumerate(lines) if "bytes were not kept" in line]
    shown = words(page(cast, run, f"?view=raw&from={gap + 1}"))
    assert "2 MB, of which 1 MB are kept" in shown
    assert "(1,0" in lines[gap]
    assert "Cut here: 1.1 MB were not kept" in shown


def test_they_are_a_file_too(cast: Cast, run: Run) -> None:
    keep(run, (120, b"data: 1\n\ndata: 2"))
    answer = cast.client("vera").get(path(run, "raw.txt"))
    assert answer.text == "120\tdata: 1\n120\t\n120\tdata: 2\n"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment")


def test_another_team_sees_none(cast: Cast, run: Run) -> None:
    keep(run, (120, b"data: 1\n"))
    outsider = cast.client("charlie")
    assert [outsider.get(path(run, rest)).status_code for rest in ("?view=raw", "raw.txt")] == [404, 404]


def test_a_run_without_any_says_why(cast: Cast, run: Run) -> None:
    assert "Raw lines are kept for 7 days." in words(page(cast, run))
    assert cast.client("vera").get(path(run, "raw.txt")).status_code == 404
    keep(run, is_withheld=True)
    assert "The raw lines were not kept: read together they would tell the key." in words(page(cast, run))


def test_they_are_gone_after_a_week_or_as_the_team_says(cast: Cast, make_run: MakeRun) -> None:
    now = timezone.now()
    ages = (1, 6, 8, 40)
    runs = {age: make_run() for age in ages}
    for age, run in runs.items():
        keep(run, (1, b"line\n"), made_at=now - age * DAY)

    def seen() -> list[int]:
        return [age for age in ages if "1 ms line" in words(page(cast, runs[age]))]

    assert seen() == [1, 6]
    Team.objects.filter(pk=cast.team.pk).update(keep_raw_lines_days=30)
    assert seen() == [1, 6, 8]
    Team.objects.filter(pk=cast.team.pk).update(keep_raw_lines_days=0)
    assert seen() == list(ages)
    Team.objects.filter(pk=cast.team.pk).update(keep_raw_lines_days=7)
    forget_due(now)
    assert set(RawLines.objects.values_list("run", flat=True)) == {runs[1].pk, runs[6].pk}


def test_more_than_one_claim_forgets_are_forgotten_by_the_next(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(retention, "MOST_BATCHES", 1)
    now = timezone.now()
    for _ in range(2):
        keep(make_run(), (1, b"line\n"), made_at=now - 8 * DAY)
    forget_due(now)
    assert RawLines.objects.count() == 1
    forget_due(now + retention.LEASE + timedelta(seconds=1))
    assert RawLines.objects.count() == 0


def test_they_go_with_the_words_of_the_run(run: Run) -> None:
    keep(run, (1, b"line\n"))
    erase(run)
    assert not RawLines.objects.exists()
