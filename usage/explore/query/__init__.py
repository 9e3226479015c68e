"""What is asked: a question to and from an address, with its spans, steps and comparisons. Pure.

It asks the ledger's words for instants and nothing of a database."""
