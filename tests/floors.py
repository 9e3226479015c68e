"""The floors of the house, from the ground up: what stands in a line may ask only the lines before it.

A room is a package, or one module that all rooms of its app may ask; the line of an app alone is all of it
that stands in no room: routes, tasks, commands.
"""

FLOORS = """
rax
common.database   how databases are asked and written
common

teams.roles        who people can be in a team
teams.acts         what can be done, and who may
teams.signals      what the apps above may want to hear
teams.encryption   secrets sealed to their rows
teams.error_words  an error of the API in words
teams.upstream     the way to the providers
teams.tokens.scopes  what a token can be for
teams.models
teams.http         requests, forms and where to go on
teams.audit        what somebody with power did
teams.permissions  who may what in which team
teams.changes      the frame of a privileged change
teams.jobs         the long jobs of teams
teams.sign_in      who somebody is
teams.keys         the provider's keys
teams.members      who belongs to a team
teams.tokens       what programs read with
teams.team         a team itself, from its beginning to its end
teams.start        where people start
teams

usage.acts         what can be done, and who may
usage.claims       what may be said of an amount
usage.bars         amounts that follow each other as a picture
usage.ledger       polled counters become exact usage: pure functions
usage.models
usage.books.rollups    quarters, days and sums that pages read
usage.books.answers    answers of providers as they are stored
usage.books        the ledger in the database
usage.accounts     which account a key counts
usage.quota.forecast   what will have been used: a range, or why there is none
usage.quota        limits, the one limiter, gauges
usage.catalogue    which models are offered
usage.prices       what tokens cost by the team's own table, and estimates by it
usage.notes        what people wrote at a time
usage.polls.schedule   when a meter is asked
usage.polls.asking     many providers asked at once
usage.polls.claims     whose turn it is, and who asks
usage.polls        asking, and what it came to
usage.imports.files    files of history, read
usage.imports.jobs     what is read, asked for, taken in and out by long jobs
usage.imports      history from files and date ranges
usage.explore.query    what is asked: to and from an address
usage.explore.saved    views that people keep
usage.explore.reading.scope    whom a question is about
usage.explore.reading.periods  billing periods, and what each cost
usage.explore.reading.sums     sums between instants, and how well each was seen
usage.explore.reading  what is asked becomes numbers
usage.explore.reading.spending what was used, priced
usage.explore.sheet    numbers laid out, and how sure each is
usage.explore.figure   a sheet drawn
usage.explore.remarks  what is told beside the bars
usage.explore.proof    what may be claimed of it
usage.quota.page       keys in groups, what runs out first, and all of one key's limits
usage.catalogue.page   models in time: what changed, who sees and uses them, when they retire
usage.keys             how keys are doing: polls, errors, use, users
usage.explore.chart    a figure with what stands beside it
usage.explore.tables   the totals, and tables of what the chart draws
usage.explore          the page that shows all of it
usage.exports          the numbers of a question as files, pictures and words
usage.api          the same numbers for programs
usage

playground.acts    what can be done, and who may
playground.models
playground.requests  what is sent for a run
playground.search  the words of runs, found again
playground.text    Markdown to safe HTML
playground.answers the views of one answer: as JSON, its raw lines
playground.code.export  a request as a program
playground.code.paste  a request that was pasted, read
playground.live.log  what it has said so far, for its readers
playground.live.outcome  what becomes of it
playground.live    a run while it goes on
playground.streams the event stream to a page
playground.editor.form     what can be set for a run, read from a form
playground.editor.turns    the turns of a conversation as a page shows them
playground.editor.columns  the columns of a page, and what differs between them
playground.editor.drafts   what is typed is kept until it is sent
playground.editor.start    from a form to a run
playground.editor  the page, with all of that
playground.code    the request of a form or a run as code, and back
playground.history lists, retention, erasing
playground

raxdash.environment  settings, read from the environment
raxdash.servers    the servers that settings name by an address
raxdash.models
raxdash.schema     whether the database is older or newer than the code
raxdash.presence   which processes run on a data folder
raxdash.logs       what is logged, and never a token
raxdash.http       what every request passes beside Django
raxdash.pages      what every page has: frame, messages, troubles, errors
raxdash.assets     what browsers load: put together, hashed, served
raxdash.work.broker  the queue of tasks
raxdash.tasks
raxdash.work       what a worker is besides its tasks: pulse, beat, queue
raxdash.copies     backups, and the way to another database
raxdash.demonstration  what `make demo` shows
raxdash
"""

ROOMS = [line.split()[0] for line in FLOORS.splitlines() if line]


def room_of(module: str) -> str:
    """Return the room, or the app, that a module of ours stands in; an empty text for others."""
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len, default="")


def is_below(asked: str, asking: str) -> bool:
    """Tell whether a room may ask another one: itself, or one further down."""
    return ROOMS.index(asked) <= ROOMS.index(asking)
