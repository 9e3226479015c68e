"""A second opinion on the ledger: its rules once more, as plain and slow as can be.

`model` is where to begin; `sums` and the nouns that it asks add up, `burn` and `claims` say what a page may
say. All of it was written from the rules in words and asks nothing of `usage.ledger`, so that both are not
wrong in the same way. `worlds`, `providers` and `disturbances` invent what was truly used and what an unusual
provider tells of it. Only `adapter` knows the ledger of the product.
"""
