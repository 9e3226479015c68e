"""Each field of a meter is in one group, so that whoever adds one says who writes it."""

from collections import Counter

from usage.models import Meter
from usage.models.meters.fields import FOLD, IDENTITY, RETENTION, SCHEDULE, SUMMARY


def test_each_field_of_a_meter_is_in_exactly_one_group():
    groups = (IDENTITY, SCHEDULE, FOLD, SUMMARY, RETENTION)
    named = Counter(name for group in groups for name in group)
    assert named == Counter(field.name for field in Meter._meta.concrete_fields)
