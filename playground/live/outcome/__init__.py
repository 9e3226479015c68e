"""What becomes of a run: deadlines and the words for them, tokens, what it spent, and its stored end."""
