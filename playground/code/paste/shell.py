"""The words of one simple command, as a shell would read them; what only a shell could do is told."""

import re
from dataclasses import dataclass, field

from playground.code.paste.quoting import ANSI, DOUBLE, ansi, double
from playground.code.paste.unread import PartlyRead

# As pages and mails have them: other blanks than a shell knows, and some behind what lets a line go on.
# PowerShell's lines go on behind a backquote.
SPACE = re.compile(r"(?:[^\S\n]|[\\`][^\S\n]*\n)+")
PLAIN = re.compile(r"[^\s'\"\\$`;&|<>()#]+|#")
END = re.compile(r"\r?\n|[;&|()]")
COMMENT = re.compile(r"[^\n]*")
REST_OF_LINE = re.compile(r"[^\n]*\n")
TABS = re.compile(r"^\t+", re.MULTILINE)
LINE = re.compile(r"[^\n]*\n?")
GOES_ON = re.compile(r"\\[^\S\n]*\n")
BACKQUOTES = re.compile(r"`+")
SINGLE = re.compile(r"'([^']*)'")
HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([^\s'\"<>;&|()]+))")
# A here-document in the place of an argument: `"$(cat <<'EOF' … )"`. It says only itself.
CAT = re.compile(
    r"\"\$\(\s*cat[ \t]*<<(?P<tabs>-?)[ \t]*(?P<quote>['\"\\]?)(?P<end>[\w.-]+)['\"]?[ \t]*\n"
    r"(?P<text>(?:[^\n]*\n)*?)\t*(?P=end)[ \t]*\n\s*\)\""
)
REDIRECTION = re.compile(r"(?:[0-9]*|&)(<<<|>>|>\||>&|<&|<|>)[ \t]*")
VARIABLE = re.compile(r"(?<!\\)\$(?:\w+|\{[^}]*\})")
COMMAND = re.compile(r"(?<!\\)(?:`|\$\()")

# A command of more words, or words of more parts, is none that somebody wrote.
MOST_PARTS = 100_000
TOO_LONG = "The command has too many words: the rest was not read."
NO_END = "A quote has no end: the command may not be whole."
NOT_THE_REST = "What follows the first command was not read."
NOT_RUN = "Commands within the command ($(…) or `…`) are not run."


@dataclass
class Command(PartlyRead):
    """The words of a command, and what stands on its standard input if that is known."""

    words: list[str] = field(default_factory=list)
    stdin: str | None = None
    # Variables that a shell would have put something in the place of, as they are written.
    variables: set[str] = field(default_factory=set)


class Reader:
    """Reads a command from its beginning to its end; what comes after that is not read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.command = Command()
        self.left = MOST_PARTS
        # Of here-documents that begin with the next line: their end, whether tabs go, whether it was quoted.
        self.waiting: list[tuple[str, bool, bool]] = []

    def read(self) -> Command:
        """Return the command."""
        while self.at < len(self.text):
            if self.skip(SPACE):
                continue
            if self.text[self.at] == "#":
                self.skip(COMMENT)
            elif end := self.skip(END):
                if self.ends(end[0]):
                    break
            elif not self.redirects():
                self.command.words.append(self.word())
        return self.command

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past what matches here, if anything does."""
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
        return found

    def ends(self, mark: str) -> bool:
        """Read what follows the end of a line or of a command; tell whether the command is over."""
        if self.waiting and (mark.endswith("\n") or self.skip(REST_OF_LINE)):
            self.read_documents()
        if mark.endswith("\n") and not self.command.words:
            return False
        rest = self.text[self.at :].strip()
        if rest and not (mark.endswith("\n") and rest.startswith("#")):
            self.command.say(NOT_THE_REST)
        return True

    def read_documents(self) -> None:
        """Read the here-documents that were announced in the line before."""
        for end, drops_tabs, is_quoted in self.waiting:
            lines = []
            while self.at < len(self.text):
                line = self.line()
                if (line.lstrip("\t") if drops_tabs else line).rstrip("\r\n") == end:
                    break
                lines.append(line)
            else:
                self.command.say(f"The end {end} of the here-document is missing.")
            self.command.stdin = self.document("".join(lines), drops_tabs, is_quoted)
        self.waiting = []

    def document(self, text: str, drops_tabs: bool, is_quoted: bool) -> str:
        """Return what a here-document says; its variables as they are written."""
        if drops_tabs:
            text = TABS.sub("", text)
        if is_quoted:
            return text
        self.note_expansions(text)
        return double(text)

    def line(self) -> str:
        """Read to the end of the line, and past it."""
        found = self.skip(LINE)
        return found[0] if found else ""

    def redirects(self) -> bool:
        """Read a redirection, if one begins here."""
        if found := self.skip(HEREDOC) if not self.text.startswith("<<<", self.at) else None:
            end = found[2] or found[3] or found[4]
            self.waiting.append((end, bool(found[1]), bool(found[2] or found[3] or "\\" in found[0])))
            return True
        if not (found := self.skip(REDIRECTION)):
            return False
        target = self.word()
        if found[1] == "<<<":
            self.command.stdin = f"{target}\n"
        elif found[1] == "<":
            self.command.say(f"The file {target} is not read here.")
        return True

    def word(self) -> str:
        """Read one word, whatever its parts are quoted by."""
        parts = []
        while self.at < len(self.text) and (part := self.part()) is not None:
            parts.append(part)
        self.left -= 1 + len(parts)
        if self.left < 0:
            self.command.say(TOO_LONG)
            self.at = len(self.text)
        return "".join(parts)

    def part(self) -> str | None:
        """Read a part of a word; None where the word has ended."""
        if found := self.skip(SINGLE):
            return found[1]
        if found := self.skip(ANSI):
            return ansi(found[1])
        if found := self.skip(CAT):
            return self.document(found["text"], bool(found["tabs"]), bool(found["quote"])).rstrip("\n")
        if found := self.skip(DOUBLE):
            self.note_expansions(found[1])
            return double(found[1])
        if found := self.skip(PLAIN):
            return found[0]
        return self.odd_part(self.text[self.at])

    def odd_part(self, first: str) -> str | None:
        """Read what begins with a character that means something."""
        if first in "'\"":
            self.command.say(NO_END)
            rest, self.at = self.text[self.at + 1 :], len(self.text)
            return rest
        if first == "\\":
            if self.skip(GOES_ON):
                return ""
            self.at += 2
            return self.text[self.at - 1 : self.at]
        if found := self.skip(BACKQUOTES):
            self.command.say(NOT_RUN)
            return found[0]
        if first == "$":
            if self.text.startswith("$(", self.at):
                self.command.say(NOT_RUN)
            elif variable := VARIABLE.match(self.text, self.at):
                self.command.variables.add(variable[0])
            self.at += 1
            return first
        return None

    def note_expansions(self, text: str) -> None:
        """Note what a shell would have put something in the place of."""
        if COMMAND.search(text):
            self.command.say(NOT_RUN)
        self.command.variables.update(VARIABLE.findall(text))


def read_command(text: str) -> Command:
    """Return the first simple command of a text."""
    return Reader(text).read()
