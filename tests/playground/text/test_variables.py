"""What is a variable in a text, and what is nothing but braces; the same in Python and in a browser."""

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.text.values import read_values, show_values
from playground.text.variables import Kind, escaped, filled, filled_length, names, pieces
from tests.installation import ROOT
from tests.node import node

# Of what matters, and of what might seem to.
ALPHABET = [
    "{",
    "}",
    "{{",
    "}}",
    "\\",
    "a",
    "B",
    "1",
    "_",
    "-",
    ".",
    " ",
    "\t",
    "\n",
    '"',
    "名",
    "ा",
    "न",
    "é",
    "𝓍",
    "🙂",
]
NAMED = ["{{a}}", "{{ b }}", r"\{{a}}", r"\\{{a}}", "{{{a}}}", '{"a": {{b}}}', "{{नाम}}", "{{a-1.x}}"]
TEXTS = st.lists(st.sampled_from([*ALPHABET, *NAMED]), max_size=12).map("".join)
LITERAL = [
    "{a}",
    "{}",
    "{{}}",
    "{{ }}",
    "{{a b}}",
    "{{a\n}}",
    "{{1}}",
    "{{-a}}",
    "{{.}}",
    "{{…}}",
    "{{a",
    "a}}",
    "{{a}",
    "{ {a} }",
    "{{{a}}}",
    "{{{{a}}}}",
    '{"a": {"b": 1}}',
    '{{"a": 1}}',
    '{"a":{"b":{"c":[]}}}',
    r"\frac{{-b}}{2}",
    r"x^{{\alpha}}",
    r"\textbf{{\em so}}",
    "{% if a %}{{#each}}{{/each}}{{a|b}}{{a()}}",
    f"{{{{{'a' * 101}}}}}",
    "",
]


@pytest.mark.parametrize("text", LITERAL)
def test_these_are_nothing_but_braces(text: str) -> None:
    assert names([text]) == []
    assert filled(text, {}) == text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("{{a}}", "1"),
        ("{{ a }}{{\ta}}", "11"),
        ('{"x": {{a}}}', '{"x": 1}'),
        ('{"x": {"y": "{{a}}"}}', '{"x": {"y": "1"}}'),
        ("{{a}}}}", "1}}"),
        ("{ {{a}} }", "{ 1 }"),
        ("{{名前}}{{नाम}}{{اسم}}{{_x-1.y}}", "2345"),
        (r"\{{a}}", "{{a}}"),
        (r"\\{{a}}", r"\1"),
        (r"\\\{{a}}", r"\{{a}}"),
        (r"C:\\{{a}}\b", r"C:\1\b"),
        (r"\{{ and \{{}}", "{{ and {{}}"),
        (r"\{a} \\ \n", r"\{a} \\ \n"),
        (f"{{{{{'n' * 100}}}}}", "6"),
    ],
)
def test_these_are_sent_so(text: str, sent: str) -> None:
    values = {"a": "1", "名前": "2", "नाम": "3", "اسم": "4", "_x-1.y": "5", "n" * 100: "6"}
    assert filled(text, values) == sent
    assert filled_length(text, values) == len(sent)


def test_names_come_in_the_order_in_which_they_first_appear() -> None:
    assert names(["{{b}} {{a}} {{b}}", r"{{c}} \{{d}} {{a}}"]) == ["b", "a", "c"]


def test_case_and_accents_make_other_names() -> None:
    assert names(["{{a}}{{A}}{{é}}{{e\u0301}}"]) == ["a", "A", "é", "e\u0301"]


@given(TEXTS)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.typed for piece in pieces(text)) == text
    assert all(piece.typed for piece in pieces(text))


@given(TEXTS, st.dictionaries(st.sampled_from(["a", "b", "B", "_", "名", "न", "a-1.x", "नाम"]), TEXTS))
def test_a_value_is_never_filled_in_twice(text: str, values: dict[str, str]) -> None:
    """However values look, each stands where its variable stood, as it is."""
    wanted = names([text])
    given_values = {name: values.get(name, "{{a}}") for name in wanted}
    marks = {name: f"\ue000{at}\ue000" for at, name in enumerate(wanted)}
    expected = filled(text, marks)
    for name, mark in marks.items():
        expected = expected.replace(mark, given_values[name].replace("\ue000", ""))
    assert filled(text, given_values) == expected
    assert filled_length(text, given_values) == len(expected)


@given(TEXTS)
@example(r"\\\\{{{{a}}")
def test_what_is_escaped_is_sent_as_it_was(text: str) -> None:
    assert names([escaped(text)]) == []
    assert filled(escaped(text), {}) == text


@given(st.text())
def test_a_text_without_double_braces_is_itself(text: str) -> None:
    single = re.sub(r"\{+", "{", text)
    assert filled(single, {}) == escaped(single) == single


def test_long_texts_take_no_longer_than_their_length_asks_for() -> None:
    for text in ("\\" * 400_000, "{" * 100_000, "{{" + "a" * 400_000, "{{a" * 30_000, "{{" + " " * 400_000):
        assert filled(text, {}) == escaped(text) == text


VALUES = [
    "",
    "{}",
    '{"a": "x", "b": ""}',
    '{"a": 1.50, "b": -1e5, "c": true, "d": null, "e": 12345678901234567890}',
    '{"a": [1, {"b": "}, {"}, []], "c": {"d": {}}}',
    ' {"a":"\\u00e9 \\" \\\\ \\n", "__proto__": "x"}\n',
    '{"{{a}}": "{{b}}", "nested": {"a": "b"}}',
]


def test_values_that_are_no_texts_are_their_json() -> None:
    assert read_values('{"a": 1.50, "b": {"c": [true, null]}, "d": null, "e": "x"}') == {
        "a": "1.50",
        "b": '{\n  "c": [\n    true,\n    null\n  ]\n}',
        "d": "",
        "e": "x",
    }


@given(st.dictionaries(st.text(), TEXTS))
def test_values_are_read_as_they_are_shown(values: dict[str, str]) -> None:
    sendable = {
        name.replace("\0", "").encode("utf-8", "ignore").decode(): each for name, each in values.items()
    }
    assert read_values(show_values(sendable)) == sendable


SCRIPT = """
import { readFileSync } from "node:fs";
import { marked, namesIn, filledPieces } from "./scanning.mjs";
import { membersOf, sentValue, showMembers } from "./values.mjs";
const { texts, values } = JSON.parse(readFileSync(0, "utf8"));
const scanned = texts.map((text) => ({
  marks: [...marked(text)].map(({ kind, start, end, says }) => [kind, text.slice(start, end), says]),
  names: namesIn([text]),
  filled: filledPieces(text, (name) => `<{{${name}}}>`).join(""),
}));
const read = values.map((text) => [...membersOf(text)].map(([name, written]) => [name, sentValue(written)]));
const shown = values.map((text) => showMembers(membersOf(text)));
console.log(JSON.stringify({ scanned, read, shown }));
"""


def test_browsers_read_texts_and_values_alike(tmp_path) -> None:
    texts: list[str] = []

    @given(TEXTS)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    texts += LITERAL + NAMED
    told = in_browser_language(tmp_path, {"texts": texts, "values": VALUES})
    for text, scan in zip(texts, told["scanned"], strict=True):
        marks = [[p.kind, p.typed, p.says] for p in pieces(text) if p.kind is not Kind.LITERAL]
        found = names([text])
        assert scan["marks"] == marks, text
        assert scan["names"] == found, text
        assert scan["filled"] == filled(text, {name: f"<{{{{{name}}}}}>" for name in found}), text
    for text, read, shown in zip(VALUES, told["read"], told["shown"], strict=True):
        assert dict(read) == read_values(text), text
        assert read_values(shown) == read_values(text), text


def in_browser_language(folder, given_texts: dict[str, list[str]]) -> dict:
    # Whatever its version, Node takes what ends so for a module.
    for name in ("scanning", "values"):
        shutil.copy(ROOT / f"static/playground/editor/{name}.js", folder / f"{name}.mjs")
    (folder / "scan.mjs").write_text(SCRIPT)
    ran = subprocess.run(
        [node(), folder / "scan.mjs"],
        input=json.dumps(given_texts),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict = json.loads(ran.stdout)
    return told
