"""SQLite with deadlines."""
