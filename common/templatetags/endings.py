"""When something ends and how much too early, in the reader's words: the clock of today, the day of later.

Tags need `team` and `now` in the context, and `quota_zone` for the days and periods of a provider.
"""

from datetime import datetime, time, timedelta, tzinfo

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from common.templatetags.times import element, length

register = template.Library()

MOMENT = timedelta(microseconds=1)


def when_words(at: datetime, zone: tzinfo, now: datetime) -> SafeString:
    """When something happens: `16:40` today, `Sun, 29 Nov` on another day."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return element(local, f"{local:%H:%M}")
    year = "" if local.year == today.year else " %Y"
    return element(local, local.strftime(f"%a, %-d %b{year}"))


def until_words(end: datetime, zone: tzinfo, now: datetime) -> SafeString:
    """Where a day or period ends: `at 24:00`, `at 18:30`, `on 30 Nov`, `on 30 Nov, 18:30`."""
    local, today = end.astimezone(zone), now.astimezone(zone)
    is_midnight = local.time() == time()
    last = local - MOMENT if is_midnight else local
    clock = "24:00" if is_midnight else f"{local:%H:%M}"
    if last.date() == today.date():
        return element(local, f"at {clock}")
    year = "" if last.year == today.year else " %Y"
    day = last.strftime(f"on %-d %b{year}")
    return element(local, day if is_midnight else f"{day}, {clock}")


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime) -> SafeString:
    """When something ends, in the team's zone."""
    return when_words(at, context["team"].zone, context["now"])


@register.simple_tag(takes_context=True)
def until(context: Context, end: datetime) -> SafeString:
    """Where a day or period of a provider ends. Days to come are the provider's, where they are whole there;
    else clock and day are the team's.
    """
    now, provider = context["now"], context["quota_zone"]
    is_whole = end.astimezone(provider).time() == time()
    is_today = (end - MOMENT).astimezone(provider).date() == now.astimezone(provider).date()
    return until_words(end, provider if is_whole and not is_today else context["team"].zone, now)


@register.simple_tag(takes_context=True)
def far(context: Context, at: datetime, since: datetime | None = None) -> str:
    """How long it is until something, from now or since another moment: `2 h 35 min`."""
    return whole_minutes(at - (since or context["now"]))


@register.simple_tag(takes_context=True)
def clock_of(context: Context, at: datetime) -> str:
    """The clock of the team's zone at a moment that stands for any day."""
    return f"{at.astimezone(context['team'].zone):%H:%M}"


@register.simple_tag
def early(at: datetime, end: datetime) -> str:
    """How much too early something ends: `7 h 20 min too early`; seconds do not matter."""
    return f"{whole_minutes(end - at)} too early"


def whole_minutes(time: timedelta) -> str:
    """A length of time of a minute or more: seconds do not matter."""
    return length(max(time.total_seconds() // 60 * 60, 60))
