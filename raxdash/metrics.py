"""`/metrics`: what Prometheus reads of an installation, by a token; and how the work in the background is."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric, generate_latest
from prometheus_client.registry import Collector

from common.metrics import collectors, gauge
from common.models import Job
from raxdash.models import Heartbeat
from raxdash.work import broker


class Told(Collector):
    """All that is told at one instant."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield what every part tells."""
        yield from collectors.collect(self._now)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer in Prometheus' text format; 404 where no token is set, 401 without it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    if scheme.lower() != "bearer" or not known:
        words = "Send the installation's token as Authorization: Bearer …\n"
        refusal = HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
        refusal["WWW-Authenticate"] = 'Bearer realm="raxdash metrics"'
        return refusal
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Told(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def collect(now: datetime) -> Iterator[Metric]:
    """Yield how the work in the background is: what waits for a worker, and when one was seen last."""
    depth = gauge("queue_depth", "Messages that wait for a worker.")
    depth.add_metric([], broker.depth())
    jobs = gauge("jobs", "Long jobs that have not ended.", "state")
    pending = Counter(Job.objects.pending().values_list("state", flat=True))
    for state in (Job.Status.ACTIVE, Job.Status.FAILED):
        jobs.add_metric([state], pending[state])
    yield from (depth, jobs)
    if newest := Heartbeat.objects.newest(now):
        age = gauge("worker_age_seconds", "How long ago a worker last said that it lives.")
        age.add_metric([], max((now - newest).total_seconds(), 0))
        yield age
