"""Where people start: the first start of all, which makes an owner, a team and a key; later the way from `/`.

Apps above say on which page of a team one begins.
"""
