"""What a completion says, whole or in pieces, wherever servers put it: words, thinking, tools, tokens.

It knows JSON values, not bytes: whoever has bytes asks `rax._parser`.
"""
