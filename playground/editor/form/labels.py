"""What the fields of a column are called, wherever they are named."""

LABELS = {
    "model": "Model",
    "key": "Key",
    "system_prompt": "System prompt",
    "messages_before": "Earlier messages",
    "message": "Message",
    "variables": "Variables",
    "temperature": "Temperature",
    "max_tokens": "Max tokens",
    "top_p": "Top P",
    "stop": "Stop sequences",
    "extra": "Extra fields",
    "stream": "Stream",
    "edited": "Edited message",
    "edited_before": "Messages before the edited one",
}
