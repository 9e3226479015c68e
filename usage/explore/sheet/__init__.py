"""Numbers laid out for people: series, rows, blocks and how sure each is, in the page's words.

It asks the reading for numbers; figures and tables show exactly a sheet."""
