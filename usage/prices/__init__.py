"""What a team pays for tokens by its own dated table, and what usage is estimated to have cost by it.

It asks the models and `teams` alone; pages that show cost ask it."""
