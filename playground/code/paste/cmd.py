r"""The words of one command, as Windows reads them: `^` before a character, double quotes, `\"` within them.

Two read it there, one after the other: cmd takes the `^` away, and ends the command; the program that it
starts tells the words apart. https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments
"""

import re

from playground.code.paste.shell import NO_END, NOT_THE_REST, Command

# Before anything is quoted as only other shells quote, a `^` ends a line, or stands before a quote.
LOOKS_LIKE_IT = re.compile(r"""(?:[^'"^]|"[^"]*")*+\^(?:[^\S\n]*\n|")""")
# What follows the end of a line that goes on is a character, whatever else it would mean.
OF_CMD = re.compile(r"""\^(?:[^\S\n]*\n)?(.?)|("[^"\n]*"?)|([^^"&|\n]+)""", re.DOTALL)
OF_WORDS = re.compile(r"""(\\*)"|(\s+)|(\\+|[^\\"\s]+)""")
VARIABLE = re.compile(r"%[A-Za-z_]\w*%")


def looks_like_cmd(text: str) -> bool:
    """Tell whether a command was written for Windows' own shell."""
    return LOOKS_LIKE_IT.match(text) is not None


def read_cmd(text: str) -> Command:
    """Return the first command of a text."""
    line, rest = first_line(text.lstrip())
    command = Command(variables=set(VARIABLE.findall(line)))
    if rest.strip("&\n "):
        command.say(NOT_THE_REST)
    words_of(line, command)
    return command


def first_line(text: str) -> tuple[str, str]:
    """Return the first command as cmd hands it on, and what stands behind it."""
    at, parts = 0, []
    while found := OF_CMD.match(text, at):
        parts.append(found[found.lastindex or 0])
        at = found.end()
    return "".join(parts), text[at:]


def words_of(line: str, command: Command) -> None:
    """Add the words of a line to a command."""
    at, parts, is_quoted = 0, list[str](), False
    while found := OF_WORDS.match(line, at):
        at = found.end()
        slashes, space, plain = found.groups()
        if space and not is_quoted:
            end_word(parts, command)
        elif slashes is None:
            parts.append(space or plain)
        elif len(slashes) % 2:
            parts.append(slashes[: len(slashes) // 2] + '"')
        else:
            is_double = is_quoted and line.startswith('"', at)
            parts.append(slashes[: len(slashes) // 2] + ('"' if is_double else ""))
            at, is_quoted = at + is_double, is_double or not is_quoted
    if is_quoted:
        command.say(NO_END)
    end_word(parts, command)


def end_word(parts: list[str], command: Command) -> None:
    """Add a word to a command, where there is one."""
    if parts:
        command.words.append("".join(parts))
        parts.clear()
