"""A request that was pasted, read: a curl command, or a JSON body. Pure; nothing is run, no file is read."""
