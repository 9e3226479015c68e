"""What the apps above may want to hear. `teams` knows none of them: they connect in their `AppConfig.ready`.

All are sent inside the transaction that makes them true: a receiver that fails undoes it.
"""

from django.dispatch import Signal

# `team`, `user`: somebody left or was removed. Their private text in this team is to be erased.
member_left = Signal()
# `team`: it was deleted. Its members and secrets are gone; text is to be erased, numbers stay.
team_deleted = Signal()
# `team`, `by`: its days begin at another time now.
zone_changed = Signal()
# `key`, `models`: asked about the key, its provider listed these as what it may use: a `rax.ModelList` where
# its answer is at hand.
models_listed = Signal()
# `key`: it has another secret, perhaps at another address.
secret_replaced = Signal()
# `keys`: they have another plan or other limits now.
limits_changed = Signal()
# `key`: it was retired.
key_retired = Signal()
