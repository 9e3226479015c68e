"""Small programs that a simulated answer shows, one for each language it knows."""

import re

_PROGRAMS = {
    "python": '''
from collections import Counter


def most_common(path: str, limit: int = 10) -> list[tuple[str, int]]:
    """Count the words of a text about {topic}."""
    with open(path, encoding="utf-8") as text:
        words = text.read().lower().split()
    return Counter(words).most_common(limit)


for word, times in most_common("{name}.txt"):
    print(f"{{times:>6}}  {{word}}")
''',
    "javascript": """
// Fetch everything about {topic}, newest first.
async function load{Name}(limit = 20) {{
  const response = await fetch(`/api/{name}?limit=${{limit}}`);
  if (!response.ok) throw new Error(`HTTP ${{response.status}}`);
  const items = await response.json();
  return items.sort((a, b) => b.created - a.created);
}}

load{Name}().then((items) => console.table(items));
""",
    "typescript": """
type {Name} = {{ id: string; title: string; score: number }};

export function best(items: readonly {Name}[], limit = 3): {Name}[] {{
  return [...items].sort((a, b) => b.score - a.score).slice(0, limit);
}}
""",
    "sql": """
-- What was seen of {topic} in the last seven days
SELECT date_trunc('day', seen_at) AS day,
       count(*)                   AS entries,
       round(avg(score), 2)       AS average
FROM   {name}
WHERE  seen_at >= now() - interval '7 days'
GROUP  BY day
ORDER  BY day DESC;
""",
    "bash": """
#!/usr/bin/env bash
set -euo pipefail

# Report on {topic}, largest first.
find "${{1:-.}}" -type f -name '*{name}*' -printf '%s\\t%p\\n' |
  sort -rn |
  head -n 10 |
  while IFS=$'\\t' read -r size path; do
    printf '%10d  %s\\n' "$size" "$path"
  done
""",
    "go": """
package main

import "fmt"

// {Name} is one entry about {topic}.
type {Name} struct {{
	Title string
	Score int
}}

func main() {{
	for _, entry := range []{Name}{{{{"first", 3}}, {{"second", 5}}}} {{
		fmt.Printf("%-10s %d\\n", entry.Title, entry.Score)
	}}
}}
""",
    "rust": """
/// The longest word of a text about {topic}.
fn longest(text: &str) -> Option<&str> {{
    text.split_whitespace().max_by_key(|word| word.chars().count())
}}

fn main() {{
    println!("{{:?}}", longest("a small note on {topic}"));
}}
""",
    "html": """
<article class="{name}">
  <h2>{Name}</h2>
  <p>Everything about {topic} &amp; a <a href="#more">little more</a>.</p>
</article>
""",
    "json": """
{{
  "topic": "{topic}",
  "tags": ["{name}", "example"],
  "scores": {{"clarity": 0.9, "effort": 0.4}},
  "published": true
}}
""",
}
_NAMES = {"js": "javascript", "node": "javascript", "ts": "typescript", "shell": "bash", "golang": "go"}
_GO = re.compile(r"\b(in|with|using) go\b|\bgo (code|program|function)\b")
_CODE = re.compile(r"\b(code|function|script|program|regex|algorithm|snippet)\b")


def language_in(prompt: str) -> str | None:
    """The language a lower-case prompt wants code in: Python where it only says "code", None without code."""
    if _GO.search(prompt):
        return "go"
    words = re.findall(r"[a-z]+", prompt)
    named = (_NAMES.get(word, word) for word in words if word != "go")
    return next((word for word in named if word in _PROGRAMS), "python" if _CODE.search(prompt) else None)


def snippet(language: str, topic: str) -> str:
    """A fenced program about a topic."""
    name = re.sub(r"\W+", "_", topic.removeprefix("the ")).strip("_").lower() or "example"
    plain = re.sub(r"[^\w ]", "", topic)
    title = "".join(part.capitalize() for part in name.split("_"))
    program = _PROGRAMS[language].strip("\n").format(topic=plain, name=name, Name=title)
    return f"```{language}\n{program}\n```"
