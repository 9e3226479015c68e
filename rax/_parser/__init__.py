"""From the bytes of an answer to chunks, without any network, in all the shapes servers send.

`events` are those of a stream, `event_reader` what one says, `first_line` tells lines of JSON from one whole;
`stream` puts them together while bytes come, `whole` reads a body that has come.
"""

from rax._parser.events import says_done, says_finished
from rax._parser.stream import StreamParser
from rax._parser.whole import has_ended, read_completion

__all__ = ["StreamParser", "has_ended", "read_completion", "says_done", "says_finished"]
