"""Copies of the whole database: backups, restoring them, and the move from SQLite to PostgreSQL.

It knows tables and files, no models, and may be asked by commands only.
"""
