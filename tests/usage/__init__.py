"""The usage app, from the pure ledger to the real poll."""

import pytest

pytest.register_assert_rewrite("tests.usage.stored")
