"""Long jobs: work of more than a second is a row, done by a worker in slices, with its progress on pages.

An app registers its kinds (`kinds`), pages ask for jobs, stop and show them (`control`), workers do them
(`worker`).
"""

from common.jobs.control import ShownJob, can_be_cancelled, cancel, shown, start, try_again

__all__ = ["ShownJob", "can_be_cancelled", "cancel", "shown", "start", "try_again"]
