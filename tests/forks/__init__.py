"""raxdash's processes, started without the second that each spends on loading code.

`server` has loaded it once and forks for each start; what is forked runs the command from its first line, in
a process of its own, with settings, apps and signals of its own. `forked` is what a test holds of it.
"""

from tests.forks.starting import Process, run, start

__all__ = ["Process", "run", "start"]
