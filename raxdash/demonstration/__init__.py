"""A team to look at, for `make demo`: people, keys, months of usage, and what people ran and wrote meanwhile.

All of it comes about as it would with people and a provider: by the same deeds, and from raw answers."""
