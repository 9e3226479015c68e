"""What is wrong with a file is said in words, each with its line; nothing of it is taken then."""

from zoneinfo import ZoneInfo

import pytest

from tests.usage.imports.files.reader import MAIN_ID, faults, file, read_file

HEADS = "start,end,key,model,tokens"
GOOD = "2026-09-01,,Main key,m,5"
NO_TIME = "is not a time. Write one such as 2026-09-01 or 2026-09-01T00:00:00+03:00."
WHOLE = "is not a whole number. Write digits only, such as 1234567."
LINES = {
    "2026-09-02,,Main key,m,1.5": f"“1.5” {WHOLE}",
    '2026-09-02,,Main key,m,"1,234"': f"“1,234” {WHOLE}",
    "2026-09-02,,Main key,m,٣": f"“\u2068٣\u2069” {WHOLE}",
    "2026-09-02,,Main key,m,NaN": f"“NaN” {WHOLE}",
    f"2026-09-02,,Main key,m,{'9' * 19}": f"“{'9' * 19}” is more than raxdash counts.",
    "2026-09-02,,Main key,m,-5": "With the other rows of its time it comes to less than nothing.",
    "01/09/2026,,Main key,m,5": f"“01/09/2026” {NO_TIME}",
    "2026-02-30,,Main key,m,5": f"“2026-02-30” {NO_TIME}",
    ",,Main key,m,5": f"“” {NO_TIME}",
    "9999-12-31,,Main key,m,5": "“9999-12-31” has not been yet.",
    "9999-12-31T23:59:59-10:00,,Main key,m,5": ("“9999-12-31T23:59:59-10:00” " + NO_TIME),
    "2026-11-25,,Main key,m,5": "“2026-11-25” has not been yet.",
    "1999-12-30,,Main key,m,5": "“1999-12-30” is before 2000.",
    "2026-09-02T10:00:00,,Main key,m,5": "It has no end.",
    "2026-09-02,2026-09-01,Main key,m,5": "It ends before it begins.",
    "2026-09-02,,Nobody,m,5": "“Nobody” is no key of this team.",
    "2026-09-02,,,m,5": "It names no key.",
    "2026-09-02,,Twin,m,5": "“Twin” is the name of several keys. Write the key’s id beside it.",
    "2026-09-02,,Main key,m\x07,5": "“m\N{REPLACEMENT CHARACTER}” cannot be the name of a model.",
    f"2026-09-02,,Main key,{'m' * 201},5": f"“{'m' * 40}…” cannot be the name of a model.",
    GOOD: "It tells the same as line 2: the same key, model and time.",
    "2026-08-31,2026-09-01,Main key,m,5": None,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_cannot_be_taken_is_named(line):
    words = LINES[line]
    found = faults(read_file(file(HEADS, GOOD, line)))
    if words is None:
        assert found == [(2, "It overlaps the time of line 3, of the same key.")]
    else:
        assert found == [(3, words)]


WHOLE_FILES = {
    b"": "The file is empty.",
    b"\xef\xbb\xbf \n": "The file is empty.",
    b"PK\x03\x04rest": "This is a spreadsheet, not a CSV file. Save it as CSV, and choose that file.",
    b"start,key\n\xff": "Line 2 is not UTF-8. Save the file as “CSV UTF-8”, and choose it again.",
    b"start,\0": "This is not a CSV file.",
    b'start,tokens,key\n"2026': (
        "Line 2 cannot be read: a quotation mark is open or in the wrong place, or a value is too long."
    ),
    b"key,tokens\n": (
        "There is no column “start”. The first line names the columns: start, end, key, model, tokens."
    ),
    b"start,key\n": "There is no column of numbers: “tokens”, “requests” or “cost”.",
    b"start,key,amount\n": (
        "The column “amount” does not say of what. Name it “tokens”, “requests” or “cost”."
    ),
    b"start,key,cost\n": "Nothing says in which currency the costs are: a column “currency” does.",
    b"start,key,measure,unit,amount\n2026-09-01,Main key,cost,,5": (
        "Nothing says in which currency the costs are: a column “currency” does."
    ),
    b"start,key,tokens,Tokens\n": "The column “Tokens” is there twice.",
    b"start,key,Label,tokens\n": (
        "The column “Label” groups by something else than keys and models. Export by key and model."
    ),
    b"start,tokens\n2026-09-01,5": (
        "No column names keys: choose below whose numbers these are, or export by key."
    ),
    b"start,key,tokens\n": "It has heads of columns, and no row below them.",
    b"start,key,tokens\n2026-09-01,Main key,\n2026-11-24,Main key,5": (
        "None of its rows (2) tells a number of a time that is over, counted by a provider."
    ),
    b'start,key,measure,unit,amount\n2026-09-01,Main key,cost,"EUR, estimated",5': (
        "These costs are estimates: they follow from tokens and prices. "
        "Export tokens, and set the same prices here."
    ),
}


@pytest.mark.parametrize("content", WHOLE_FILES)
def test_a_file_that_cannot_be_read_says_why(content):
    assert faults(read_file(content)) == [(0, WHOLE_FILES[content])]


def test_so_many_faults_are_shown_and_all_are_counted():
    found = read_file(file(HEADS, *(f"2026-09-{n % 28 + 1:02},,Main key,m{n},x" for n in range(50))))
    assert (len(found.faults.shown), found.faults.count, found.faults.shown[0][0]) == (20, 50, 2)


def test_a_time_that_clocks_skip_or_repeat_is_no_moment():
    rows = [f"2026-{day}T02:30:00,2026-{day}T05:00:00,Main key,m,5" for day in ("03-29", "10-25")]
    words = "comes twice or not at all in Europe/Berlin, where clocks are changed. Write it with its offset."
    found = read_file(file(HEADS, *rows), ZoneInfo("Europe/Berlin"))
    assert faults(found) == [(2, f"“2026-03-29T02:30:00” {words}"), (3, f"“2026-10-25T02:30:00” {words}")]


def test_one_key_has_only_so_many_days(monkeypatch):
    monkeypatch.setattr("usage.imports.files.days.MOST_DAYS", 2)
    rows = [f"2026-09-0{n},,{MAIN_ID},m,5" for n in (1, 3, 5)]
    found = faults(read_file(file(HEADS.replace("key", "key_id"), *rows)))
    assert found == [(4, "A file tells at most 4,000 days of one key. Import it in parts.")]


def test_a_sum_that_nobody_can_count_is_refused():
    rows = [f"2026-09-02,,Main key,m{number},{2**62}" for number in range(2)]
    words = "With the other rows of its time it comes to more than raxdash counts."
    assert faults(read_file(file(HEADS, *rows))) == [(2, words)]


COSTS = {
    "1.5,€": "“€” is no currency. Write its code, such as EUR.",
    "1.5,?": "“?” is no currency. Write its code, such as EUR.",
    '"1,5",EUR': "“1,5” is no amount of money. Write digits and a point, such as 1234.56.",
    "0.0000001,EUR": "“0.0000001” is no amount of money. Write digits and a point, such as 1234.56.",
    "-1,EUR": "With the other rows of its time it comes to less than nothing.",
    f"{'9' * 13},EUR": f"“{'9' * 13}” is no amount of money. Write digits and a point, such as 1234.56.",
}


@pytest.mark.parametrize("cells", COSTS)
def test_a_cost_that_cannot_be_taken_is_named(cells):
    content = file("start,key,cost,currency", f"2026-09-02,Main key,{cells}")
    assert faults(read_file(content)) == [(2, COSTS[cells])]


def test_of_one_time_costs_are_in_one_currency():
    rows = "2026-09-02,Main key,a,1,EUR", "2026-09-02,Main key,b,1,USD"
    words = "With the other rows of its time it tells costs in two currencies. Import them apart."
    assert faults(read_file(file("start,key,model,cost,currency", *rows))) == [(2, words)]


def test_a_cost_is_of_no_model_and_of_every_digit():
    rows = "2026-09-02,Main key,a,1.25,eur,7", "2026-09-02,Main key,b,0.000001,EUR,8"
    (day,) = read_file(file("start,key,model,cost,currency,tokens", *rows)).days
    assert (day.currencies, day.total("cost:EUR"), day.total("tokens")) == (["cost:EUR"], 1_250_001, 15)
    assert day.breakdown() == {"a": [7, 0], "b": [8, 0]}
