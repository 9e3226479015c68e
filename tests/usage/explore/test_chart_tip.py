"""What the box over the chart says of a bucket, as browsers reckon it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.installation import ROOT
from tests.node import node

SCRIPT = """
import { readFileSync } from "node:fs";
import { sayingsOf } from "./chart_tip.mjs";
const { layout, amounts, places } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(places.map((place) => sayingsOf({ layout }, amounts, place).lines.at(-1).figure)));
"""


def test_it_says_how_much_more_a_known_bucket_has_than_what_it_is_compared_with(tmp_path: Path) -> None:
    """Nothing of one that goes on, of "at least", nor where there was nothing before."""
    before = [100, 100, 100, 1_000, 0, None, 100, 100, 10_000, 10**6, 10**5, 100]
    meta: dict[str, Any] = {
        "columns": [["rax-4.0", 0], ["rax-4.5", 1]],
        "titles": [str(place) for place in range(12)],
        "totals": {"6": "at least 150"},
        "sentences": ["not complete yet"],
        "said": [[0] if place == 7 else [] for place in range(12)],
        "signs": [],
        "compared": "7 days before",
        "begun": 11,
    }
    series = [
        [60, 50, 90, 0, 5, 5, 75, 60, 10_004, 10**6 - 1, 4, None],
        [90, 50, 0, 1, 5, 5, 75, 60, 0, 0, 0, None],
    ]
    asked = {
        "layout": {"meta": meta},
        "amounts": {"series": series, "before": before},
        "places": list(range(12)),
    }
    assert figures(tmp_path, asked) == [
        *("100 (+50 %)", "100 (±0 %)", "100 (−10 %)", "1,000 (−99.9 %)"),
        *("0", "–", "100", "100"),
        *("10,000 (+0.04 %)", "1,000,000 (> −0.01 %)", "100,000 (−99.99 %)", "100"),
    ]


def figures(folder: Path, asked: dict[str, Any]) -> list[str]:
    shutil.copy(ROOT / "static/usage/explore/chart_tip.js", folder / "chart_tip.mjs")
    (folder / "ask.mjs").write_text(SCRIPT)
    ran = subprocess.run(
        [node(), folder / "ask.mjs"], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    told: list[str] = json.loads(ran.stdout)
    return told
