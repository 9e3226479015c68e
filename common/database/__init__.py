"""How databases are asked and written: many rows in few statements, several questions as one, and faults.

It knows SQLite and PostgreSQL, and no model.
"""
