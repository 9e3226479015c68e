"""What runs within an installation's environment, with Django: `python -m bench.within <what> …`."""
