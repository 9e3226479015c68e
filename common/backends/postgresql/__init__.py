"""PostgreSQL with deadlines."""
