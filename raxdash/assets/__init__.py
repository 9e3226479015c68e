"""What browsers load: put together from many files, stripped of what no page uses, hashed, and served."""
