"""Django's database backends with deadlines: no statement, and no wait for a server's answer, lasts for ever.

`statement_seconds` in OPTIONS says how long one may last; 0, or nothing, sets no deadline.
"""
