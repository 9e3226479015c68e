"""A meter: what a counter belongs to, when it is asked, and what pages ask of a team's meters.

`meter` is the table and its words; `fields` says who writes which of its columns; `lateness` and `troubles`
are what can be the matter with one, as conditions; `sums` adds rows up in the database, `facts` tells them.
"""
