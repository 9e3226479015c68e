"""The columns of a page: their fields, what differs between them, what is changed of them at once."""
