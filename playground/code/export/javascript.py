"""A request as a JavaScript program, a module for Node or any other runtime: by `openai`, by `fetch`."""

from string import Template

from playground.code.export.literals import SCRIPT, indented
from playground.code.export.requests import KEY_VARIABLE, CodeRequest

KEY = f"process.env.{KEY_VARIABLE}"

OPENAI = Template("""\
// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: $url, apiKey: $key });
$call
""")
OPENAI_STREAM = Template("""\
const stream = await client.chat.completions.create($body);
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}
console.log();""")
OPENAI_WHOLE = Template("""\
const completion = await client.chat.completions.create($body);
console.log(completion.choices[0].message.content);""")

FETCH = Template("""\
const response = await fetch($url, {
  method: "POST",
  headers: {
    Authorization: `Bearer $${$key}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify($body),
});
if (!response.ok) throw new Error(`$${response.status}: $${await response.text()}`);
$call
""")
FETCH_STREAM = """\
let rest = "";
for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + piece).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    const data = line.slice("data:".length).trim();
    if (!line.startsWith("data:") || data === "" || data === "[DONE]") continue;
    process.stdout.write(JSON.parse(data).choices?.[0]?.delta?.content ?? "");
  }
}
console.log();"""
FETCH_WHOLE = """\
const answer = await response.json();
console.log(answer.choices[0].message.content);"""


def by_openai(request: CodeRequest) -> str:
    """Return a program that sends this request with the `openai` package."""
    call = OPENAI_STREAM if request.streams else OPENAI_WHOLE
    written = call.substitute(body=SCRIPT.write(request.payload))
    return OPENAI.substitute(url=SCRIPT.text(request.base_url), key=KEY, call=written)


def by_fetch(request: CodeRequest) -> str:
    """Return a program that sends this request with `fetch`."""
    body = indented(SCRIPT.write(request.payload), SCRIPT.indent).lstrip()
    call = FETCH_STREAM if request.streams else FETCH_WHOLE
    return FETCH.substitute(url=SCRIPT.text(request.url), key=KEY, body=body, call=call)
