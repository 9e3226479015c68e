"""Which account a key counts: what people say of it, and what follows for the ledger.

It asks the books to fold again, and nobody above them."""
