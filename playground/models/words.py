"""What of a run is words, and goes when they are erased."""

from typing import Any

# The columns that hold words of people, of the model, or of the API about them.
NO_WORDS: dict[str, Any] = {
    "system_prompt": "",
    "message": "",
    "messages_before": None,
    "messages": [],
    "template": None,
    "request": "",
    "request_digest": "",
    "parameters": {},
    "reasoning": "",
    "answer": "",
    "refusal": "",
    "tool_calls": None,
    "error_message": "",
    "error_body": "",
    "error_param": "",
}
