"""The chart of a question as a picture of our own: SVG, and PNG drawn from it; no browser takes part."""
