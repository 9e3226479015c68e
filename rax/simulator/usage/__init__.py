"""What a key uses and what `GET /usage` tells of it.

`meter` counts what was asked here, `load` is what a key spends elsewhere, `periods` are what it is billed by;
`bodies` are the two dialects in which it is told.
"""
