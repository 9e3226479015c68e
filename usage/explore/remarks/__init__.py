"""What is to be told beside the bars: what the ledger noted, outages, changed models, people's notes.

One ordered list, whose numbers stand above the bars and in the list below them. Pure but for `beside`, which
reads notes and changes of models."""
