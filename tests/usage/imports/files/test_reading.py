"""A file becomes days of keys, whichever program wrote it last."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.usage.imports.files.reader import MAIN, MAIN_ID, TRIAL, days, faults, file, read_file

HEADS = "start,end,key_id,key,model_id,model,tokens,requests"
FIRST = f"2026-09-01T00:00:00+03:00,2026-09-02T00:00:00+03:00,{MAIN_ID},Main key,4,rax-4.0,100,2"
OTHER = f"2026-09-01T00:00:00+03:00,2026-09-02T00:00:00+03:00,{MAIN_ID},Main key,none,Without a model,30,1"
DAY = ("08-31 21:00", "09-01 21:00")


def test_the_rows_of_a_day_are_one_day_with_its_models():
    found = read_file(file(HEADS, FIRST, OTHER))
    assert days(found) == [(MAIN, *DAY, 130)]
    assert found.days[0].breakdown() == {"rax-4.0": [100, 2]}
    assert found.days[0].total("requests") == 3


@pytest.mark.parametrize(
    "content",
    [
        file(HEADS, FIRST, ending="\r\n"),
        file(HEADS, FIRST, encoding="utf-8-sig"),
        file(HEADS.replace(",", ";"), FIRST.replace(",", ";"), ending="\r\n", encoding="utf-8-sig"),
        file("sep=;", HEADS.replace(",", ";"), FIRST.replace(",", ";")),
        file(HEADS.replace(",", "\t"), FIRST.replace(",", "\t"), encoding="utf-16"),
        file(HEADS, "", ",,,,,,,", FIRST, ""),
        file(HEADS.upper().replace("_", " "), FIRST),
        file(HEADS, ",".join(f'"{cell}"' for cell in FIRST.split(","))),
        file(HEADS, FIRST).rstrip(),
    ],
    ids=[
        "crlf",
        "bom",
        "semicolons",
        "sep line",
        "tabs in utf-16",
        "empty rows",
        "heads",
        "quotes",
        "no end",
    ],
)
def test_it_reads_a_file_as_programs_write_it(content):
    assert days(read_file(content)) == [(MAIN, *DAY, 100)]


def test_a_day_without_an_offset_is_one_of_the_team():
    content = file("start,key,tokens", "2026-09-01,Main key,5")
    assert days(read_file(content)) == [(MAIN, *DAY, 5)]
    assert days(read_file(content, ZoneInfo("Asia/Kathmandu"))) == [(MAIN, "08-31 18:15", "09-01 18:15", 5)]


def test_the_last_day_is_included():
    content = file("start,end,key,tokens", "2026-09-01,2026-09-07,Main key,5")
    assert days(read_file(content)) == [(MAIN, "08-31 21:00", "09-07 21:00", 5)]


def test_hours_of_a_day_are_one_day_however_many_it_has():
    berlin = ZoneInfo("Europe/Berlin")
    hours = [f"2026-10-24T{22 + h}:00:00Z" for h in (0, 1)] + [f"2026-10-25T{h:02}:00:00Z" for h in range(24)]
    ends = [*hours[1:], "2026-10-26T00:00:00Z"]
    local = [
        f"{start_in(berlin, start)},{start_in(berlin, end)},Main key,{number}"
        for number, (start, end) in enumerate(zip(hours, ends, strict=True), 1)
    ]
    found = read_file(file("start,end,key,tokens", *local), berlin)
    assert days(found) == [
        (MAIN, "10-24 22:00", "10-25 23:00", sum(range(1, 26))),
        (MAIN, "10-25 23:00", "10-26 00:00", 26),
    ]


def start_in(zone, text):
    return datetime.fromisoformat(text).astimezone(zone).isoformat()


def test_hours_with_a_gap_claim_nothing_of_the_gap():
    rows = [f"2026-09-01T{h:02}:00:00Z,2026-09-01T{h + 1:02}:00:00Z,Main key,{h}" for h in (1, 2, 5)]
    found = read_file(file("start,end,key,tokens", *rows))
    assert days(found) == [(MAIN, "09-01 01:00", "09-01 03:00", 3), (MAIN, "09-01 05:00", "09-01 06:00", 5)]


def test_a_stretch_takes_the_rows_that_lie_within_it_along():
    rows = [
        "2026-09-01,2026-09-01,Main key,10,0",
        "2026-09-01T12:00:00+03:00,2026-09-04T00:00:00+03:00,Main key,300,1",
        "2026-09-02,2026-09-02,Main key,,0",
        "2026-09-04,2026-09-04,Main key,7,0",
    ]
    found = read_file(file("start,end,key,tokens,stretch", *rows))
    assert days(found) == [(MAIN, "08-31 21:00", "09-03 21:00", 310), (MAIN, "09-03 21:00", "09-04 21:00", 7)]
    assert found.passed == 1


def test_a_guarded_text_is_what_it_was():
    content = file("start,key,model,tokens", "2026-09-01,'=Trial,'@home,'-5", "2026-09-01,'=Trial,b,9")
    found = read_file(content)
    assert days(found) == [(TRIAL, *DAY, 4)]
    assert set(found.days[0].breakdown()) == {"@home", "b"}


@pytest.mark.parametrize("row", [f"{MAIN_ID.upper()},Renamed since", ",Main key", "no-such-id,Main key"])
def test_a_key_is_found_by_its_id_and_else_by_name(row):
    assert days(read_file(file("start,key_id,key,tokens", f"2026-09-01,{row},5"))) == [(MAIN, *DAY, 5)]


def test_the_account_of_a_key_that_is_gone_is_found():
    for head, value in (("key_id", "meter-8"), ("account_id", "8")):
        assert days(read_file(file(f"start,{head},tokens", f"2026-09-01,{value},5"))) == [(TRIAL, *DAY, 5)]


def test_a_number_of_another_installation_names_nobody_here():
    found = read_file(file("start,account_id,account,tokens", "2026-09-01,8,Main key,5"))
    assert days(found) == [(MAIN, *DAY, 5)]
    found = read_file(file("start,key_id,key,tokens", "2026-09-01,meter-8,Elsewhere,5"))
    assert faults(found) == [(2, "“Elsewhere” is no key of this team.")]


def test_a_day_that_is_not_over_is_passed_over():
    found = read_file(file("start,key,tokens", "2026-09-01,Main key,5", "2026-11-24,Main key,6"))
    assert days(found) == [(MAIN, *DAY, 5)]
    assert found.unfinished == 1


def test_what_may_still_grow_is_passed_over_and_at_least_is_taken():
    rows = [
        "2026-09-01,Main key,5,provisional",
        "2026-09-02,Main key,6,at least",
        "2026-09-03,Main key,7,known",
    ]
    found = read_file(file("start,key,tokens,quality", *rows))
    assert [day[3] for day in days(found)] == [6, 7]
    assert (found.unfinished, found.at_least) == (1, 1)


def test_it_takes_what_the_export_writes():
    heads = "start,end,key,key_id,model,model_id,measure,unit,amount,quality,up_to_more,note,stretch"
    row = "2026-09-01T00:00:00+03:00,2026-09-02T00:00:00+03:00"
    found = read_file(file(heads, f"{row},Main key,{MAIN_ID},m,4,requests,requests,7,known,,,"))
    assert found.days[0].counts == {("m", "requests"): 7}
    assert found.others == ()


def test_a_file_without_keys_is_of_the_chosen_one():
    assert days(read_file(file("start,tokens", "2026-09-01,5"), meter=TRIAL)) == [(TRIAL, *DAY, 5)]


def test_what_raxdash_ran_itself_and_rows_without_a_number_are_passed_over():
    rows = ["Main key,none,x,5", "Main key,own-none,y,6", "Main key,none,z,"]
    found = read_file(file("start,key,model_id,model,tokens", *(f"2026-09-01,{row}" for row in rows)))
    assert days(found) == [(MAIN, *DAY, 5)]
    assert (found.own, found.passed) == (1, 1)


def test_columns_that_are_not_read_are_named():
    found = read_file(file("start,key,tokens,quality,Remark", "2026-09-01,Main key,5,measured,Ann"))
    assert found.others == ("“Remark”",)


def test_of_very_many_that_are_not_read_a_few_are_named_and_long_heads_are_cut():
    heads = ["x" * 100_000, *(f"c{number}" for number in range(5_000))]
    found = read_file(file(",".join(["start,key,tokens", *heads]), "2026-09-01,Main key,5"))
    assert found.others[0] == f"“{'x' * 40}…”"
    assert found.others[1:] == (*(f"“c{number}”" for number in range(9)), "…")
