"""The words of runs, found again: what is kept of each run for that, and questions on both databases.

It asks the models alone. Who stores or erases the words of a run tells it in the same transaction.
"""
