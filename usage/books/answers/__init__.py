"""Answers of providers as they are stored, whatever they say, and what can be read of them.

`answer` is one of them, `breakdown` what is kept of its models, `bodies` the bodies, each once for a team;
`batches` says how many of them one transaction takes. It folds nothing.
"""
