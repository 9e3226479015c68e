"""Runs that are over: listed, read again, erased.

It may ask every room of the playground.
"""
