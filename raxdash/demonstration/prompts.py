"""What the people of the demonstration asked in the playground, when, and how it ended."""

from dataclasses import dataclass, field
from datetime import time
from enum import Enum, auto
from typing import Any

from rax.simulator.demo import NEW, OLD
from raxdash.demonstration.cast import BATCH, EMAIL, JONAS, PRIYA, PRODUCTION, DemoKey
from raxdash.demonstration.texts import LATE, LETTER, ORDERS, RELEASE, SHOP, SUPPORT

QUICK, CAREFUL = "rax-4.0", "rax-4.5"


class End(Enum):
    """What became of a run; an answer that is longer than max tokens is cut there in any case."""

    WHOLE = auto()
    THOUGHTFUL = auto()
    REFUSED = auto()
    STOPPED = auto()
    CUT_OFF = auto()
    LIMITED = auto()
    BROKEN = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message, what was set for it, and how its run ended.

    `instead_of` is the number of the prompt of its talk, from 0 on, of which it is another version, and
    `before` what was typed to stand before it. `values` are filled into its variables. For `stall_ms` nothing
    came in the midst of its answer.
    """

    message: str
    end: End = End.WHOLE
    parameters: dict[str, Any] = field(default_factory=dict)
    answer: str = ""
    instead_of: int | None = None
    before: tuple[dict[str, str], ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    stall_ms: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of one person with a model, begun on a working day so many days ago.

    Those that are columns stand beside each other on one page.
    """

    author: str
    days_ago: int
    clock: time
    model: str
    prompts: tuple[Prompt, ...]
    key: DemoKey = PRODUCTION
    system: str = ""
    is_column: bool = False


TALKS = (
    Talk(
        PRIYA.email,
        24,
        time(9, 40),
        OLD.id,
        (
            Prompt(
                "Summarise these support tickets in three sentences: late parcels, lost passwords, refunds."
            ),
            Prompt("Write 120 words about refunds for the help page."),
        ),
        system=SUPPORT,
    ),
    Talk(
        EMAIL,
        22,
        time(10, 20),
        CAREFUL,
        (
            Prompt("Compare PostgreSQL and SQLite for our order archive in a table."),
            Prompt("Which of both is easier to keep running, and why?", End.THOUGHTFUL),
            Prompt("Write a checklist for the move."),
        ),
    ),
    Talk(
        JONAS.email,
        21,
        time(14, 5),
        QUICK,
        (
            Prompt(
                "Write a python function that groups orders by customer.", parameters={"temperature": 0.2}
            ),
            Prompt("Now the same in SQL.", parameters={"temperature": 0.2}),
            Prompt("Explain the difference between both versions.", End.STOPPED),
        ),
    ),
    Talk(
        PRIYA.email,
        17,
        time(11, 15),
        NEW.id,
        (
            Prompt(
                "A customer asks where the parcel is. Answer in two sentences.",
                parameters={"max_tokens": 400},
            ),
            Prompt("And if it was sent to the old address?", parameters={"max_tokens": 400}),
            Prompt("Write 400 words about our new return policy.", parameters={"max_tokens": 400}),
        ),
        system=SUPPORT,
    ),
    Talk(
        JONAS.email,
        15,
        time(15, 30),
        CAREFUL,
        (
            Prompt(
                "Plan an evaluation of answers to customers: steps, numbers, who reads them.", End.THOUGHTFUL
            ),
            Prompt("Write 300 words about judging tone fairly."),
            Prompt("Write an answer that sounds as if our competitor had written it.", End.REFUSED),
            Prompt("Then list what makes a friendly answer."),
        ),
    ),
    Talk(
        EMAIL,
        13,
        time(13, 45),
        QUICK,
        (
            Prompt("Write the release notes of version 4.2 of the shop.", answer=RELEASE),
            Prompt("Shorten them to one paragraph for the newsletter."),
        ),
    ),
    Talk(
        PRIYA.email,
        10,
        time(10, 10),
        CAREFUL,
        (
            Prompt("Explain the numbers of the nightly report to somebody new.", End.BROKEN),
            Prompt("Explain the numbers of the nightly report to somebody new."),
            Prompt("Write 800 words about what the report leaves out.", End.CUT_OFF),
        ),
    ),
    Talk(
        PRIYA.email,
        9,
        time(0, 40),
        CAREFUL,
        (
            Prompt("Describe each column of the report in a table."),
            Prompt("Write 150 words for its first page."),
        ),
        key=BATCH,
    ),
    Talk(
        JONAS.email,
        8,
        time(9, 25),
        NEW.id,
        (
            Prompt("Sort these answers by how helpful they are, best first: polite, exact, quick, funny."),
            Prompt("Give five tips for shorter answers."),
            Prompt("Write a haiku about tokens."),
            Prompt("Say hello to the team."),
        ),
    ),
    Talk(
        EMAIL,
        6,
        time(16, 20),
        CAREFUL,
        (
            Prompt("Draft a letter to the provider about the tokens that were taken back."),
            Prompt("Make it friendlier.", End.LIMITED),
            Prompt("Make it friendlier."),
        ),
    ),
    Talk(
        JONAS.email,
        4,
        time(11, 50),
        QUICK,
        (
            Prompt("Write a bash script that counts the lines of all logs of yesterday."),
            Prompt("What happens if there are none?", End.LOST),
            Prompt("What happens if there are none?"),
        ),
    ),
    Talk(
        PRIYA.email,
        3,
        time(14, 30),
        NEW.id,
        (
            Prompt(
                "Translate our greeting into Arabic and keep it short.",
                answer="مرحبًا بك في متجرنا! كيف يمكننا مساعدتك اليوم؟",
            ),
            Prompt(
                "And into French.", answer="Bienvenue dans notre boutique ! Comment pouvons-nous vous aider ?"
            ),
            Prompt("Which one is longer, and does it fit on a button?"),
        ),
        system=SUPPORT,
    ),
    Talk(
        EMAIL,
        2,
        time(9, 15),
        CAREFUL,
        (
            Prompt("What should a team lead look at every Monday? Give me a list.", End.THOUGHTFUL),
            Prompt("Write 250 words about reading a usage chart."),
            Prompt("Compare a budget and a limit in a table."),
            Prompt("Write 60 words about reading a usage chart, for somebody in a hurry.", instead_of=1),
            Prompt("Now as three questions one should ask."),
        ),
    ),
    Talk(
        JONAS.email,
        1,
        time(10, 35),
        NEW.id,
        (
            Prompt("Turn this into JSON: order 1042, two shirts, one cap, paid.", before=ORDERS),
            Prompt("Add the prices: 19.90 and 12.50.", End.STOPPED),
            Prompt("Check that the sum is right."),
        ),
    ),
    Talk(
        EMAIL,
        5,
        time(10, 5),
        NEW.id,
        (
            Prompt(
                "Write 3,000 words on answering customers well, with headings: a handbook for new colleagues."
            ),
        ),
    ),
    *(
        Talk(
            EMAIL,
            1,
            time(13, 20),
            model,
            (
                Prompt(LETTER, values=LATE, parameters={"temperature": 0.2}, stall_ms=stall_ms),
                Prompt(
                    "Now for somebody who writes to {{shop}} for the third time.",
                    values=LATE,
                    parameters={"temperature": 0.2},
                ),
            ),
            system=SHOP,
            is_column=True,
        )
        for model, stall_ms in ((QUICK, 0), (CAREFUL, 2_400), (NEW.id, 0))
    ),
)
