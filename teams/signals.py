"""What the apps above may want to hear. `teams` knows none of them: they connect in their `AppConfig.ready`.

All are sent inside the transaction that makes them true: a receiver that fails undoes it.
"""

from django.dispatch import Signal

# `team`, `user`: somebody left or was removed. Their private text in this team is to be erased.
member_left = Signal()
# `team`: it was deleted. Its members and secrets are gone; text is to be erased, numbers stay.
team_deleted = Signal()
# `team`: its days begin at another hour. What is stored by local day is to be built again.
team_zone_changed = Signal()
# `key`: the provider took it (again), after a check or with another secret.
key_accepted = Signal()
# `key`: it was retired.
key_retired = Signal()
