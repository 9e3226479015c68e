"""What stands above the bars: a numbered sign at a bucket, told in full by the list below the chart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to be told at one bucket: a sentence, and the sign that stands for it above the bars."""

    place: int
    sign: str
    text: str
