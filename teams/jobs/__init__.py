"""The long jobs of teams: the name of their scope, what pages show of them, and what people do to them.

Work itself is each app's: this room knows `common.jobs`, who may steer one, and that the audit trail is told.
"""

from teams.jobs.steering import cancel, scope_of, shown_jobs, team_of, try_again

__all__ = ["cancel", "scope_of", "shown_jobs", "team_of", "try_again"]
