"""Questions that cannot be answered as they are: a program hears what is wrong, and what may be asked."""

from typing import Any

from tests.usage.api.program import Program
from usage.api.advice import CHOICES
from usage.explore.query.reader import read_query

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"measure": "bytes"}, "There is no measure “bytes”. measure is tokens, requests or cost."),
    ({"by": "colour"}, "Nothing can be grouped by “colour”. by is model, key, account, "),
    ({"by": "key,key"}, "A group is named twice."),
    ({"by": "key,"}, "A group between commas has no name."),
    ({"by": ""}, "by is empty: leave it out, or say what."),
    ({"filter.model": ""}, "filter.model is empty"),
    ({"tz": ""}, "tz is empty"),
    ({"tz": "localtime"}, "“localtime” is no time zone"),
    ({"start": "2026-11-20", "end": "2026-11-01"}, "The first day came after the last."),
    ({"by": "key,model,owner"}, "There are two groups at most."),
    ({"step": "minute"}, "There is no step “minute”. step is 15min, hour, 3h, 6h, day, week or month."),
    ({"period": "someday"}, "There is no period “someday”. period is 24h, today, yesterday, "),
    ({"start": "tomorrow"}, "“tomorrow” is no date, such as 2026-01-31."),
    ({"filter.model": "999999"}, "“999999”"),
    ({"filter.model": "a'; DROP TABLE"}, "“a'; DROP TABLE” names no model. A filter takes ids, not names"),
    ({"filter.colour": "red"}, "There is no parameter “filter.colour” here."),
    ({"measure": "cost"}, "No provider tells what this cost, and no price is set."),
    ({"tz": "Mars/Olympus"}, "“Mars/Olympus” is no time zone"),
    ({"tz": "../../etc/passwd"}, "is no time zone"),
    ({"compare": "never"}, "Nothing can be compared with “never”."),
    ({"saved": "1"}, "There is no parameter “saved” here."),
    ({"step": "15min", "start": "2020-01-01", "end": "2026-11-01"}, "more than"),
]


def test_what_a_page_would_excuse_is_refused_in_words(alice: Program) -> None:
    for asked, words in REFUSED:
        answer = alice.ask("usage", **asked)
        assert answer.status_code == 400, answer.text
        assert words in answer.json()["error"]["message"]
        assert ": here" not in answer.json()["error"]["message"]
        assert ": they are" not in answer.json()["error"]["message"]


def test_what_is_advised_can_be_asked() -> None:
    for name, words in CHOICES.items():
        for word in words:
            asked = word.rpartition("such as ")[2]
            assert not read_query({name: [asked]})[1], word
