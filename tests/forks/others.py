"""What raxdash's processes load of others' code, as far as it does not ask for Django's settings."""

import importlib

from django.conf import settings

MODULES = """
allauth.account.checks allauth.core.internal.adapter allauth.core.ratelimit allauth.decorators
celery.app.amqp celery.app.control celery.app.events celery.app.log celery.apps.beat celery.apps.worker
celery.backends.base celery.bin.celery celery.concurrency.thread celery.contrib.django.task
celery.events celery.fixups.django celery.worker.autoscale celery.worker.components
celery.worker.consumer celery.worker.consumer.delayed_delivery celery.worker.strategy
cryptography.hazmat.primitives.ciphers.aead csv dj_database_url django.contrib.auth.apps
django.contrib.auth.decorators django.contrib.auth.hashers django.contrib.auth.password_validation
django.contrib.auth.tokens django.contrib.contenttypes.apps django.contrib.humanize.apps
django.contrib.humanize.templatetags.humanize django.contrib.messages.apps
django.contrib.messages.middleware django.contrib.sessions.apps django.contrib.sessions.backends.db
django.contrib.sessions.middleware django.contrib.sites.shortcuts django.contrib.staticfiles.apps
django.contrib.staticfiles.storage django.core.asgi django.core.cache.backends.locmem
django.core.management.commands.makemigrations django.core.management.commands.migrate
django.core.management.commands.shell django.db.backends.postgresql.base django.db.backends.sqlite3.base
django.middleware.cache django.middleware.clickjacking django.middleware.common django.middleware.csp
django.middleware.security django.templatetags.cache django.templatetags.l10n django.templatetags.tz
django.test.client django_htmx.middleware django_htmx.templatetags.django_htmx httpx_aiohttp
kombu.transport.redis kombu.transport.sqlalchemy markdown_it nh3 pygments.formatters.html
pygments.lexers rapidfuzz.process smtplib sqlalchemy.dialects.mysql sqlalchemy.dialects.sqlite
uvicorn.lifespan.on uvicorn.loops.auto uvicorn.loops.uvloop uvicorn.main uvicorn.protocols.http.auto
uvicorn.protocols.http.httptools_impl uvicorn.protocols.websockets.auto whitenoise.base
xlsxwriter.workbook rax rax.simulator.server
"""


def load() -> None:
    """Import them; none may read settings, which are those of each process that is forked."""
    for name in MODULES.split():
        importlib.import_module(name)
    assert not settings.configured
