"""The ledger in the database: answers come in, the fold goes on, rollups follow, old rows go.

It asks the ledger and the models, and knows nothing of who polls, shows or exports."""
