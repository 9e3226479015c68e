"""A request as a program that sends the same: curl, Python, JavaScript. Pure: texts in, texts out."""
