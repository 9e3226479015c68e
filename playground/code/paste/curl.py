"""A curl command, read as a request: where it goes and what it says. Secrets in it are not kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from playground.code.export.literals import whole_characters
from playground.code.paste.cmd import looks_like_cmd, read_cmd
from playground.code.paste.options import Option, read_options
from playground.code.paste.shell import NOT_THE_REST, Command, read_command
from playground.code.paste.unread import PartlyRead

# Before the command itself: a prompt, variables, what runs it as somebody else.
BEFORE = re.compile(r"[$%>#]|sudo|time|exec|[A-Za-z_]\w*=.*", re.DOTALL)
CURL = re.compile(r"(?:.*/)?curl(?:\.exe)?")
BEGINS = re.compile(r"\s*(?:(?:#[^\n]*\n|[$%>]\s|sudo\s|\w+=[^\s;&|]*\s)\s*)*(?:\S*/)?curl(?:\.exe)?\s")
# Behind other commands, or behind where somebody is on their computer: `PS C:\>`, `me@host:~$`.
WITHIN = re.compile(
    r"^(?:[^\n]*?(?:[$%>#][ \t]|[;&|(]|\b(?:env|sudo|time)[ \t](?:[^\n;&|]{0,80}[ \t])?))?"
    r"[^\S\n]*(?:[^\s;&|(]*[/\\])?(curl(?:\.exe)?\s)",
    re.MULTILINE,
)
DATA = {"data", "data-ascii", "data-raw", "data-binary", "json"}
# How a command is shown, retried or timed changes nothing of what is sent; a method is looked at.
OF_NO_CONCERN = {
    *("silent", "show-error", "no-buffer", "verbose", "include", "fail", "fail-with-body", "location"),
    *(
        "globoff",
        "compressed",
        "no-progress-meter",
        "progress-bar",
        "insecure",
        "http1.0",
        "http1.1",
        "http2",
    ),
    *("connect-timeout", "max-time", "retry", "retry-delay", "retry-max-time", "retry-all-errors", "ipv4"),
    *("output", "write-out", "stderr", "trace", "trace-ascii", "dump-header", "disable", "keepalive-time"),
    *("user-agent", "referer", "tlsv1.2", "tlsv1.3", "tcp-nodelay", "no-keepalive", "path-as-is", "ipv6"),
}
HEADERS_OF_NO_CONCERN = {
    *("content-type", "accept", "content-length", "host", "user-agent", "connection", "accept-encoding"),
    *("accept-language", "origin", "referer", "priority", "cache-control", "pragma", "dnt", "te", "expect"),
}
SECRET_HEADERS = {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "x-goog-api-key"}
SECRET_OPTIONS = {"user", "oauth2-bearer", "cookie", "proxy-user", "cert", "key", "pass", "aws-sigv4"}
# So many are looked for; nobody reads about more.
MOST_VARIABLES = 20
SEVERAL = "Its body stands in several options, which curl joins by &."
KEYS_OF_THE_TEAM = "raxdash sends with the key that is chosen here"


@dataclass
class PastedCommand(PartlyRead):
    """A curl command: its address, and its body as text."""

    url: str = ""
    body: str = ""


def begins_as_curl(text: str) -> bool:
    """Tell whether a text looks like a curl command."""
    return BEGINS.match(text) is not None


def command_within(text: str) -> str:
    """Return what a text has from the first curl command on that does not begin it; nothing without one."""
    found = WITHIN.search(text)
    return text[found.start(1) :] if found else ""


def read_curl(text: str) -> PastedCommand:
    """Return what a curl command says."""
    command = read_cmd(text) if looks_like_cmd(text) else read_command(text)
    found = PastedCommand(unread=command.unread)
    for option in read_options(words_of_curl(command.words)):
        if option.name in {"next", ":"}:
            found.say(NOT_THE_REST)
            break
        take(option, found, command)
    taken = f"{found.url} {found.body}"
    for variable in sorted(command.variables)[:MOST_VARIABLES]:
        # Of the others, nothing is taken.
        if variable in taken:
            found.say(f"The variable {variable} has no value here: it stands as it is written.")
    return found


def words_of_curl(words: Sequence[str]) -> Sequence[str]:
    """Return the words behind `curl`."""
    for at, word in enumerate(words):
        if CURL.fullmatch(word):
            return words[at + 1 :]
        if not BEFORE.fullmatch(word):
            break
    return []


def take(option: Option, found: PastedCommand, command: Command) -> None:
    """Take one option of a command into what was found."""
    if option.name in DATA:
        take_data(data_of(option, found, command), found, is_json=option.name == "json")
    elif option.name == "url":
        take_address(option.value, found)
    elif option.name == "header":
        take_header(option.value, found)
    elif option.name in SECRET_OPTIONS:
        found.say(f"{option.word} was left out: {KEYS_OF_THE_TEAM}.")
    elif option.name == "request":
        if option.value.upper() != "POST":
            found.say(f"The method {option.value} was not taken: runs are sent by POST.")
    elif option.name not in OF_NO_CONCERN:
        found.say(f"The option {option.word} was not understood.")


def data_of(option: Option, found: PastedCommand, command: Command) -> str:
    """Return what an option says of the body; a file is not read."""
    if option.name == "data-raw" or not option.value.startswith("@"):
        return option.value
    if option.value == "@-" and command.stdin is not None:
        is_exact = option.name in {"data-binary", "json"}
        return command.stdin if is_exact else re.sub(r"[\r\n]", "", command.stdin)
    file = option.value[1:]
    found.say(
        "Its body comes from another program, which is not run here."
        if file == "-"
        else f"Its body stands in the file {file}, which is not read here: paste its content."
    )
    return ""


def take_data(piece: str, found: PastedCommand, *, is_json: bool) -> None:
    """Add a piece to the body, as curl does: by & unless it is said to be JSON."""
    if found.body and piece and not is_json:
        found.say(SEVERAL)
        piece = f"&{piece}"
    found.body += piece


def take_address(address: str, found: PastedCommand) -> None:
    """Take the address, without what may be secret in it."""
    if found.url:
        found.say("The command has several addresses: the first was taken.")
        return
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
    except ValueError:
        found.say("The address cannot be read.")
        return
    if parts.query:
        found.say("The part of the address behind the ? was left out.")
    if "@" in parts.netloc:
        found.say(f"The name and password in the address were left out: {KEYS_OF_THE_TEAM}.")
    url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    found.url = whole_characters(url).replace("\0", "")


def take_header(header: str, found: PastedCommand) -> None:
    """Say which headers are not sent; of none of them is the value kept."""
    if header.startswith("@"):
        found.say(f"The headers in the file {header[1:]} were not read.")
        return
    name = header.partition(":")[0].partition(";")[0].strip()
    if name.lower() in SECRET_HEADERS:
        found.say(f"The header {name} was left out, and is not stored: {KEYS_OF_THE_TEAM}.")
    elif name.lower() not in HEADERS_OF_NO_CONCERN and not name.lower().startswith(("sec-", "x-stainless-")):
        found.say(f"The header {name} is not sent by raxdash.")
