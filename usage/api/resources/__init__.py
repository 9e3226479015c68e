"""What can be read: each module finds the rows of one address."""
