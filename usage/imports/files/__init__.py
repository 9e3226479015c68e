"""Files of history: a CSV file becomes days of meters, or words for what is wrong with it, line by line.

It looks up whom a file names (`whom`); everything else is pure.
"""
