"""What browsers, documentation and our own export write is read; what is not understood is told."""

import json
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.code.export.curl import curl
from playground.code.export.literals import whole_characters
from playground.code.export.requests import CodeRequest
from playground.code.paste.reading import NotPasted, Pasted, read_pasted
from playground.code.paste.shell import read_command
from tests.installation import ROOT
from tests.node import node
from tests.playground.code.asked import EXTRA, PARAMETERS, TEXTS, request, requests
from tests.playground.code.test_export import texts, values

URL = "https://ai.example/v1/chat/completions"
HI = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
BODY = json.dumps(HI)
# For Windows: with quotes around it; and as Chrome does, with a caret before all that could mean something.
QUOTED = json.dumps(BODY)
ESCAPE = r"^\1"
CARET = re.compile(r"([^\w\s:=+~'/.,?;()*`-])")
KEY_LEFT_OUT = "The header Authorization was left out, and is not stored"


def read(text: str) -> Pasted:
    return read_pasted(text)


def said(text: str) -> str:
    try:
        return " ".join(read_pasted(text).unread)
    except NotPasted as problem:
        return " ".join([str(problem), *problem.unread])


@given(st.lists(texts, min_size=1, max_size=3), st.dictionaries(texts, values, max_size=4), st.booleans())
def test_what_is_exported_is_read_back(contents: list[str], extra: dict[str, object], stream: bool) -> None:
    messages = [{"role": "user", "content": content} for content in contents]
    fields = {"stream": True} if stream else {}
    sent = CodeRequest("http://127.0.0.1:8100/v1", {**extra, "model": "m", "messages": messages, **fields})
    pasted = read(curl(sent))
    assert (pasted.base_url, pasted.payload) == (sent.base_url, dict(sent.payload))
    assert list(pasted.payload) == list(sent.payload)
    assert [words for words in pasted.unread if KEY_LEFT_OUT not in words] == []


def test_every_odd_request_is_read_back() -> None:
    for one in requests("https://ai.example/v1"):
        assert read(curl(one)).payload == dict(one.payload)


@pytest.mark.parametrize("text", TEXTS)
def test_a_body_alone_is_read(text: str) -> None:
    payload = dict(request(text, **PARAMETERS, **EXTRA).payload)
    assert read(json.dumps(payload, indent=1)).payload == payload


@pytest.mark.parametrize(
    "command",
    [
        f"curl {URL} -d '{BODY}'",
        f"$ curl -sS -N --request POST --url '{URL}' --data-raw '{BODY}'",
        f"curl -XPOST {URL} -H'Content-Type: application/json' -d'{BODY}'",
        f"curl --json '{BODY}' {URL}",
        f"curl --url={URL} --data='{BODY}'",
        f"KEY=abc curl -sSNd '{BODY}' \\\n  {URL}\n",
        f"# a comment\n/usr/bin/curl {URL} --data-binary @- <<EOF\n{BODY}\nEOF\n",
        f"curl {URL} --data-binary @- <<-'END'\n\t{BODY}\n\tEND\n",
        f"curl {URL} --data @- <<< '{BODY}'",
        f"curl '{URL}' -H 'accept: */*' --compressed --data-raw $'{BODY}' ;",
        f"curl -H 'Content-Type: application/json' \\\r\n -d '{BODY}' {URL}\r\n",
        # As pages write it, and as it comes out of them.
        f"curl\N{NO-BREAK SPACE}{URL} \\ \n\N{EM SPACE}-d '{BODY}'",
        # PowerShell, and cmd: as people write it, as Chrome writes it, and as it wrote it before.
        f"curl.exe {URL} `\n  -d '{BODY}'",
        f'curl {URL} ^\r\n  -H "Accept: */*" ^\r\n  -d {QUOTED}',
        f"curl -L {CARET.sub(ESCAPE, json.dumps(URL))} ^\n  --data-raw {CARET.sub(ESCAPE, QUOTED)} &",
        f'curl "{URL}" ^\n  --data-raw "{BODY.replace(chr(34), chr(34) * 2)}" --compressed',
        f"curl.exe {URL} `\n  -d '{BODY.replace(chr(34), chr(92) + chr(34))}'",
        # In two pieces, which only JSON may be; and from a page of Markdown.
        f"curl {URL} --json '{BODY[:9]}' --json '{BODY[9:]}'",
        f"```bash\ncurl {URL} -d '{BODY}'\n```\n",
        f"\ufeff```json\n{BODY}\n```",
    ],
)
def test_commands_are_read_as_they_are_written_everywhere(command: str) -> None:
    pasted = read(command)
    assert pasted == Pasted(HI, "https://ai.example/v1" if "curl" in command else "", [])


@pytest.mark.parametrize(
    "before",
    [
        *("export KEY='sk 1'\n\n", "KEY=sk-1; ", "cd x && ", "time -p ", "sudo -u me ", "env A=b ", "("),
        *("me@host:~$ ", "PS C:\\> ", "C:\\Users\\me> ", "PS> C:\\tools\\"),
    ],
)
def test_a_command_is_found_behind_what_pages_have_before_it(before: str) -> None:
    words = ["What stands before the curl command was not read."]
    assert read(f"{before}curl {URL} -d '{BODY}'") == Pasted(HI, "https://ai.example/v1", words)


def test_words_about_curl_are_no_command() -> None:
    assert "sends no JSON body" in said("Write to me; curl is a tool.")
    assert "neither" in said("What does curl do?")


@pytest.mark.parametrize(
    "body",
    [
        f"$(cat <<EOF\n{BODY}\nEOF\n)",
        f"$(cat <<'END'\n{BODY}\nEND\n)",
        f'$( cat <<-"END"\n\t{BODY}\n\tEND\n\t)',
    ],
)
def test_a_here_document_may_stand_in_the_place_of_an_argument(body: str) -> None:
    assert read(f'curl {URL} -d "{body}"\n') == Pasted(HI, "https://ai.example/v1", [])


def test_variables_of_such_a_document_are_told() -> None:
    asked = f'curl {URL} -d "$(cat <<EOF\n{BODY.replace("Hi", "$NAME")}\nEOF\n)"'
    assert "The variable $NAME has no value here" in said(asked)
    assert said(asked.replace("<<EOF", "<<'EOF'")) == ""


QUOTINGS = (
    r"""'it'\''s "so" $HOME `x` \n'""",
    r'''"it's \"so\" \$HOME \`x\` \\n \x"''',
    r"""$'it\'s \x41\u00e9\U0001f600\t\n\\ \101 \q \" \e'""",
    r"""a\ b\'c'd'"e"$'f'\$g""",
    "'two\nlines'",
    '"one \\\nline"',
    r"$'\xc3\xa9'",
    r"x#y",
)


@pytest.mark.processes
def test_quotes_are_read_as_bash_reads_them() -> None:
    script = f"printf '%s\\0' {' '.join(QUOTINGS)}"
    ran = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert read_command(" ".join(QUOTINGS)).words == ran.stdout.decode().split("\0")[:-1]


def test_browsers_escape_in_their_own_way() -> None:
    chrome = r"""$'{"a":"it\'s \u0021\ud83d\ude00"}'"""
    firefox = r"""$'{"a":"caf\xe9 \u20ac"}'"""
    assert read(f"curl '{URL}' --data-raw {chrome}").payload == {"a": "it's !😀"}
    assert read(f"curl '{URL}' --data-raw {firefox}").payload == {"a": "café €"}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (f"curl {URL} -d @body.json", "the file body.json, which is not read here"),
        (f"jq . x | curl {URL} -d @-", "from another program, which is not run here"),
        (f"KEY=abc; curl {URL} -d '{BODY}'", "What stands before the curl command was not read."),
        (f"curl {URL} -d '{BODY}' --next -d '{BODY}'", "What follows the first command was not read."),
        (f"curl {URL} -d '{BODY[:9]}' -d '{BODY[9:]}'", "which curl joins by &"),
        (f"curl 'http://[::1/chat/completions' -d '{BODY}'", "The address cannot be read."),
        (f"curl {URL} -d @- < body.json", "The file body.json is not read here."),
        (f"curl {URL} -d '{BODY}' | jq .", "What follows the first command was not read."),
        (f"curl {URL} -d '{BODY}' && rm -r x", "What follows the first command was not read."),
        (f"""curl {URL} -d '{{"a": "'"$(id)"'"}}'""", "are not run"),
        (f"""curl {URL} -d '{{"a": "'"$NAME"'"}}'""", "The variable $NAME has no value here"),
        (f"curl {URL} -d '{BODY}' -F a=b --frobnicate", "The option --frobnicate was not understood."),
        (f"curl {URL} -d '{BODY}' -H 'X-Title: me'", "The header X-Title is not sent by raxdash."),
        (f"curl {URL}?key=abc -d '{BODY}'", "The part of the address behind the ? was left out."),
        (
            f"curl https://me:pw@ai.example/x -d '{BODY}'",
            "The name and password in the address were left out",
        ),
        (f"curl https://ai.example/v1/messages -d '{BODY}'", "does not end with /chat/completions"),
        (f"curl -X PUT {URL} -d '{BODY}'", "The method PUT was not taken"),
        (f"curl {URL} -d '{BODY}", "A quote has no end"),
        (f"curl {URL}", "The command sends no JSON body."),
        (f"curl {URL} -d 'a=b'", "The JSON body cannot be read. Line 1, column 1"),
        (f"curl {URL} -d '{BODY[:-1]}'", "The JSON body cannot be read."),
        (f"curl {URL} --data-binary @- <<'X'\n{BODY}\n", "The end X of the here-document is missing."),
        ('{"a": 1, "a": 2}', "“a” stands there twice."),
        ('{"a": NaN}', "NaN is no number in JSON."),
        ("[1]", "neither a curl command nor a JSON body"),
        ("Dear model,", "neither a curl command nor a JSON body"),
    ],
)
def test_it_says_what_it_does_not_understand(command: str, words: str) -> None:
    assert words in said(command)


@pytest.mark.parametrize(
    "option",
    [
        "-H 'Authorization: Bearer sk-secret'",
        "-H'X-API-Key: sk-secret'",
        "-u me:sk-secret",
        "-b a=sk-secret",
        "--oauth2-bearer sk-secret",
        "-H 'Cookie: a=sk-secret'",
        "-H 'X-Odd: sk-secret'",
    ],
)
def test_secrets_are_told_of_and_not_kept(option: str) -> None:
    pasted = read(f"curl {URL} {option} -d '{BODY}'")
    assert len(pasted.unread) == 1
    assert "sk-secret" not in repr(pasted)


# With a secret, and without one.
SECRET_ONES = [
    *(
        f"curl {URL} {one} -d '{BODY}'"
        for one in ("-H 'X-Odd: k'", "-sSu me:k", "-ume:k", "--proxy-user me:k")
    ),
    *(
        f"curl {URL} {one} -d '{BODY}'"
        for one in ('-H^"private-token: k', "-E c:k", "-b k", "--header=x-k:k")
    ),
    *(f"curl {one} -d '{BODY}'" for one in (f"{URL}?key=k", "https://me:k@ai.example/chat/completions")),
    json.dumps({**HI, "api_key": "k"}),
    json.dumps({**HI, "extra_headers": {"Authorization": "Bearer k"}}),
]
PLAIN_ONES = [
    f"curl {URL} -H 'Content-Type: application/json' -H\"Accept: */*\" --header=$'Origin: x' -d '{BODY}'",
    f"curl {URL} --user-agent me -sSN --max-time 9 -d '{json.dumps({**HI, 'max_tokens': 9})}'",
    json.dumps({**HI, "tools": [{"properties": {"password": {"type": "string"}}}]}),
    BODY.replace("Hi", "What is an authorization, a cookie, a token?"),
]


@pytest.mark.processes
def test_what_has_a_secret_is_put_into_no_message(tmp_path: Path) -> None:
    shutil.copy(ROOT / "static/playground/code/pasted.js", tmp_path / "pasted.mjs")
    given_texts = json.dumps([*SECRET_ONES, *PLAIN_ONES])
    told = f"{given_texts}.map((text) => [isRequest(text), hasSecret(text)])"
    (tmp_path / "tell.mjs").write_text(
        f'import {{ hasSecret, isRequest }} from "./pasted.mjs"; console.log(JSON.stringify({told}));'
    )
    ran = subprocess.run([node(), tmp_path / "tell.mjs"], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [[True, True]] * len(SECRET_ONES) + [[True, False]] * len(PLAIN_ONES)


@given(st.text(st.sampled_from("curl -dH'\"\\$`{}()<>|;&#\n @EOx:=!"), max_size=60))
def test_whatever_is_pasted_is_read_or_refused_in_words(text: str) -> None:
    for pasted in (text, f"curl {text}"):
        with suppress(NotPasted):
            assert isinstance(read(pasted).payload, dict)


@pytest.mark.parametrize("part", ["env ", "; curl ", '"$(cat <<E\n', "```\n"])
def test_a_text_without_end_is_read_to_its_end(part: str) -> None:
    with suppress(NotPasted):
        read(f"x {part * 100_000}")


@pytest.mark.parametrize("words", ["a ", "$x ", "'' ", "-H a: "])
def test_a_command_of_endless_words_is_not_read_to_its_end(words: str) -> None:
    assert "too many words" in said(f"curl {words * 120_000}")


def test_half_characters_are_exported_as_they_would_be_sent() -> None:
    sent = request("a\ud800b")
    assert read(curl(sent)).payload["messages"][0]["content"] == whole_characters("a\ud800b")
