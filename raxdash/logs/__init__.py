"""What is logged: lines or JSON, never a token of an address."""
