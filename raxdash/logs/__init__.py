"""What is logged: each request and what else is told, as lines or JSON, never a token of an address."""
