"""History that raxdash did not watch: from files of its own exports, and from days that a provider tells.

An import is read, shown before anything counts, taken in and taken back. It becomes told days
(usage/books/told_days.py), which fill only time that no poll measured.
"""
