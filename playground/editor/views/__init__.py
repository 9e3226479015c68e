"""One view for each page and deed of the editor."""
