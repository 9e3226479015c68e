"""The long jobs of imports: a file is read, providers are asked, and what came is taken in and taken out.

What a job keeps does not count before it is taken in, and each account is taken in and out whole.
"""
