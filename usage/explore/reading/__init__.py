"""From what is asked to numbers: rollups, stretches and what raxdash ran, cut into buckets.

It asks the books' models; sheets, proofs and frozen reports ask it."""
