"""The code of others that raxdash's processes load, as far as Django's settings are not asked for by it."""

import importlib

from django.conf import settings

MODULES = """
allauth.account.checks allauth.core.internal.adapter allauth.decorators
celery.app.log celery.apps.beat celery.apps.worker celery.bin.celery celery.concurrency.thread
celery.contrib.django.task celery.events
celery.worker.components celery.worker.consumer celery.worker.strategy
cryptography.hazmat.primitives.ciphers.aead dj_database_url
django.contrib.auth.apps django.contrib.auth.decorators django.contrib.auth.hashers
django.contrib.auth.password_validation django.contrib.humanize.templatetags.humanize
django.contrib.messages.middleware django.contrib.sessions.backends.db django.contrib.sessions.middleware
django.contrib.staticfiles.apps django.contrib.staticfiles.storage django.core.asgi
django.core.cache.backends.locmem django.core.management.commands.makemigrations
django.core.management.commands.migrate django.core.management.commands.shell
django.db.backends.postgresql.base django.db.backends.sqlite3.base django.middleware.cache
django.middleware.clickjacking django.middleware.common django.middleware.csp django.middleware.security
django.templatetags.cache django.test.client django_htmx.middleware django_htmx.templatetags.django_htmx
httpx_aiohttp kombu.transport.redis kombu.transport.sqlalchemy markdown_it nh3
pygments.formatters.html pygments.lexers sqlalchemy.dialects.mysql sqlalchemy.dialects.sqlite
uvicorn.lifespan.on uvicorn.loops.auto uvicorn.loops.uvloop uvicorn.main
uvicorn.protocols.http.auto uvicorn.protocols.http.httptools_impl uvicorn.protocols.websockets.auto
whitenoise.base rax rax.simulator.server
"""


def load() -> None:
    """Import them; none may read settings, which are those of each process that is forked."""
    for name in MODULES.split():
        importlib.import_module(name)
    assert not settings.configured
