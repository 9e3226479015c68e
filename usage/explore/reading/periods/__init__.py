"""The billing periods of a team's keys: where they begin, what is summed up of them, what each cost."""
