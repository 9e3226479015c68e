"""How Celery runs. Broker, worker and beat may die or repeat anything: the database is the truth."""

from django.conf import settings

from common.redis_breaker import BOUNDS

broker_url = settings.REDIS_URL or f"sqla+sqlite:///{settings.DATA_DIR / 'broker.sqlite3'}"
broker_transport = "raxdash.work.redis_broker:Transport" if settings.REDIS_URL else None
broker_connection_retry_on_startup = True
# A broker that is away is tried again for ever.
broker_connection_max_retries = None
# A broker that does not answer must not hold a web request.
broker_transport_options = (
    {**BOUNDS, "connect_retries_timeout": 1, "visibility_timeout": 300}
    if settings.REDIS_URL
    # Without a bound: what fails on a full disk keeps its connection for a while, and a pool that had
    # nothing left ended the worker for good.
    else {"connect_args": {"timeout": 20}, "pool_size": 0}
)
task_publish_retry = False
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_time_limit = 90
task_soft_time_limit = 60
task_serializer = "json"
accept_content = ["json"]
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 500
worker_soft_shutdown_timeout = 2
worker_hijack_root_logger = False
worker_cancel_long_running_tasks_on_connection_loss = True
timezone = "UTC"
# In memory: a static schedule has nothing to keep. On a busy machine a locked file has ended beat for good.
beat_scheduler = "raxdash.work.beat:SteadyScheduler"
beat_schedule = {
    "adopt": {"task": "usage.tasks.adopt", "schedule": 5.0, "options": {"expires": 10}},
    "index": {"task": "playground.tasks.index", "schedule": 600.0, "options": {"expires": 300}},
    "forget": {"task": "playground.tasks.forget", "schedule": 600.0, "options": {"expires": 300}},
    "jobs": {"task": "common.tasks.work", "schedule": 5.0, "options": {"expires": 10}},
    "settle": {"task": "usage.tasks.settle", "schedule": 60.0, "options": {"expires": 60}},
    "sweep": {"task": "raxdash.tasks.sweep_broker", "schedule": 600.0, "options": {"expires": 300}},
    "tick": {"task": "usage.tasks.tick", "schedule": 5.0, "options": {"expires": 10}},
}
