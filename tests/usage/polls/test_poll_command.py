"""`manage.py poll` names each key, says why one told nothing, and then ends with exit code 1."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from teams.models import Key
from tests.usage.conftest import make_key
from usage.polls import polling
from usage.quota import limiter

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def key(team, provider):
    return make_key(team, base_url=provider.base_url)


def polled_from_the_shell(code):
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("poll", stdout=out, stderr=err)
    assert ended.value.code == code
    return out.getvalue(), err.getvalue()


def test_the_shell_names_the_keys_whose_secret_does_not_open(team, key):
    lost = make_key(team, name="Lost", base_url=key.base_url)
    Key.objects.filter(pk=lost.pk).update(encryption_key_id="gone")
    out, err = polled_from_the_shell(1)
    assert "Main: " in out
    assert "Lost: its secret cannot be opened: the encryption key 'gone' is not among ENCRYPTION_KEYS." in out
    assert "the secret of Lost (Acme): add the encryption key" in err
    assert "Main" not in err


def test_the_shell_says_of_a_key_that_must_wait_until_when(key):
    limiter.block({key.pk: timezone.now() + timedelta(hours=1)})
    out, err = polled_from_the_shell(1)
    assert "Main: it waits until " in out
    assert err == ""


def test_the_shell_counts_a_key_whose_secret_is_another_account_s_as_asked(key, provider):
    call_command("poll", stdout=StringIO())
    provider.simulator.record(provider.simulator.keys["rax_demo_pro"], "rax-4.0", 1234)
    polling.poll_now(timezone.now() + MINUTE)
    key.set_secret("rax_demo_free")
    key.save()
    out = StringIO()
    call_command("poll", stdout=out)
    assert out.getvalue().count("\n") == 1
