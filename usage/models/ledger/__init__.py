"""What the fold keeps of a meter: knots, billing periods, annotations, and stretches whose spread nobody saw.

Times are integer microseconds; amounts are JSON, {metric: {model: amount}}, which `json_sums` adds up in the
database. The models themselves are taken from `usage.models`.
"""

from usage.models.ledger.periods import EndOrNever

__all__ = ["EndOrNever"]  # a migration that has landed names it here
