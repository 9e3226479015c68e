"""A run while it goes on: who carries it out, its log, its saver, its one end.

It asks the limiter and the ledger of local usage, and knows no page."""
