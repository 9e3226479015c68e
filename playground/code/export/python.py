"""A request as a Python program: by `openai`, by `httpx`, by `rax`."""

from collections.abc import Mapping
from string import Template
from typing import Any

from playground.code.export.literals import PYTHON, indented
from playground.code.export.requests import KEY_VARIABLE, STREAMING, CodeRequest

KEY = f'os.environ["{KEY_VARIABLE}"]'
# What `create` of the `openai` package takes by name; other fields of a body go into its `extra_body`.
OPENAI_ARGUMENTS = {
    *("model", "messages", "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed"),
    *("stream", "stream_options", "response_format", "reasoning_effort", "verbosity", "user", "metadata"),
    *("frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "service_tier"),
    *("tools", "tool_choice", "parallel_tool_calls", "modalities", "audio", "prediction", "n"),
}
# What `chat` of `rax` takes by name, and what it says by a method or an argument of its own.
RAX_ARGUMENTS = {
    *("model", "messages", "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "user"),
}
RAX_SAYS = {*RAX_ARGUMENTS, *STREAMING}

OPENAI = Template("""\
# pip install openai
import os

from openai import OpenAI

client = OpenAI(base_url=$url, api_key=$key)
$call
""")
OPENAI_STREAM = Template("""\
stream = client.chat.completions.create(
$arguments
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()""")
OPENAI_WHOLE = Template("""\
completion = client.chat.completions.create(
$arguments
)
print(completion.choices[0].message.content)""")

HTTPX = Template("""\
# pip install httpx
${imports}import os

import httpx

url = $url
headers = {"Authorization": f"Bearer {$key}"}
body = $body
$call
""")
# The library's own lines end at U+2028 too, in the middle of an answer that holds it.
HTTPX_STREAM = """\
with httpx.stream("POST", url, headers=headers, json=body, timeout=600) as response:
    response.raise_for_status()
    rest = b""
    for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\\n")
        for line in lines:
            data = line.removeprefix(b"data:").strip()
            if not line.startswith(b"data:") or data in (b"", b"[DONE]"):
                continue
            for choice in json.loads(data).get("choices") or []:
                print((choice.get("delta") or {}).get("content") or "", end="", flush=True)
print()"""
HTTPX_WHOLE = """\
response = httpx.post(url, headers=headers, json=body, timeout=600)
response.raise_for_status()
print(response.json()["choices"][0]["message"]["content"])"""

RAX = Template("""\
# pip install ./rax, in a copy of raxdash: it is a package of its own, and in no index.
import asyncio
import os

from rax import $imports


async def main() -> None:
$body


asyncio.run(main())
""")
RAX_OPEN = Template("""\
async with Client($key, base_url=$url) as client:
$call""")
RAX_OPEN_PRIVATE = Template("""\
# An address that is not public is allowed by name.
async with Connections(allow=$allow) as connections:
    client = Client($key, base_url=$url, connections=connections)
$call""")
RAX_STREAM = Template("""\
stream = client.chat_stream(
$arguments
)
async with stream:
    async for chunk in stream:
        print(chunk.text, end="", flush=True)
print()""")
RAX_WHOLE = Template("""\
answer = await client.chat(
$arguments
)
print(answer.text)""")


def by_openai(request: CodeRequest) -> str:
    """Return a program that sends this request with the `openai` package."""
    arguments = named(request.payload, OPENAI_ARGUMENTS)
    if extra := others(request.payload, OPENAI_ARGUMENTS):
        arguments.append(f"extra_body={PYTHON.write(extra)}")
    call = OPENAI_STREAM if request.streams else OPENAI_WHOLE
    written = call.substitute(arguments=PYTHON.lines(arguments))
    return OPENAI.substitute(url=PYTHON.text(request.base_url), key=KEY, call=written)


def by_httpx(request: CodeRequest) -> str:
    """Return a program that sends this request with `httpx`."""
    return HTTPX.substitute(
        imports="import json\n" if request.streams else "",
        url=PYTHON.text(request.url),
        key=KEY.replace('"', "'"),
        body=PYTHON.write(request.payload),
        call=HTTPX_STREAM if request.streams else HTTPX_WHOLE,
    )


def by_rax(request: CodeRequest) -> str:
    """Return a program that sends this request with raxdash's own client."""
    payload, allow = request.payload, list(request.private_addresses)
    arguments = named(payload, RAX_ARGUMENTS)
    if extra := others(payload, RAX_SAYS):
        arguments.append(f"extra={PYTHON.write(extra)}")
    if request.streams:
        arguments.append(f"include_usage={'stream_options' in payload}")
    call = (RAX_STREAM if request.streams else RAX_WHOLE).substitute(arguments=PYTHON.lines(arguments))
    body = (RAX_OPEN_PRIVATE if allow else RAX_OPEN).substitute(
        key=KEY,
        url=PYTHON.text(request.base_url),
        allow=PYTHON.write(allow),
        call=indented(call, PYTHON.indent),
    )
    imports = "Client, Connections" if allow else "Client"
    return RAX.substitute(imports=imports, body=indented(body, PYTHON.indent))


def named(payload: Mapping[str, Any], names: set[str]) -> list[str]:
    """Return those fields of a body that a function takes by name, as its arguments."""
    return [f"{name}={PYTHON.write(value)}" for name, value in payload.items() if name in names]


def others(payload: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """Return the fields of a body that are none of these."""
    return {name: value for name, value in payload.items() if name not in names}
