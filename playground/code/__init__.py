"""A request as code, and code as a request: what is sent is seen before it is, taken along, and brought back.

`export` and `paste` are pure; the rest of it stands above the editor, whose form it reads and fills.
"""
