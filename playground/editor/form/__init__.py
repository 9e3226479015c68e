"""What can be set for a run, read from a form: keys, models, messages, variables, numbers."""
