"""Sums between instants: of whole days where they do, of quarters elsewhere, and how well each was seen."""
