"""What is due, who is asked, and what becomes of the answer.

It asks the limiter for a place, the accounts whom a key counts, and gives the books what was told."""
