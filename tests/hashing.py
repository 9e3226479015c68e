"""The hash of passwords that raxdash uses, with so little work that tests do not wait for it."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScrypt(ScryptPasswordHasher):
    """Hashes as its parent does, ten thousand times as fast."""

    work_factor = 2
