"""Alice, and two keys of one account, polled until it was noticed."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.twins import make_twins
from usage.models import SharingSuggestion


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


@pytest.fixture
def twins(cast: Cast) -> SharingSuggestion:
    return make_twins(cast)
