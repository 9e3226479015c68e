"""After a run the strip tells what stands in the columns then, not what was asked."""

import re

import pytest

from tests.cast import Cast
from tests.playground.editor.columns.test_columns import column, page_of, press

pytestmark = pytest.mark.usefixtures("taking_runs")


def test_after_a_run_the_strip_tells_what_stands_in_the_columns(cast: Cast) -> None:
    form = {**page_of("Be brief, please", "Be long, please"), "system_prompt": "Hi", "b-model": "rax-4.5"}
    answer = press(cast, form)
    assert "What differs" not in answer.text
    strip = re.search(r'hx-target="#differs"[^>]*>(.*?)</hx-partial>', answer.text, re.DOTALL)
    assert strip
    # The messages were sent: they differ as what was said before, and nothing stands beside the fields.
    assert re.findall(r"<dt>(.*?)</dt>", strip[1]) == ["Model", "System prompt", "Earlier messages"]
    assert '<hx-partial hx-target="#marks-b-message" hx-swap="innerHTML"></hx-partial>' in answer.text
    assert press(cast, column("a", "Alone")).text.count('hx-target="#differs"') == 0


def test_after_the_run_of_one_column_its_question_is_what_differs(cast: Cast) -> None:
    answer = press(cast, page_of("Hi", "Hi"), "a")
    strip = re.search(r'hx-target="#differs"[^>]*>(.*?)</hx-partial>', answer.text, re.DOTALL)
    assert strip
    assert re.findall(r"<dt>(.*?)</dt>", strip[1]) == ["Earlier messages", "Message"]
