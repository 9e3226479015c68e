"""The demo's history holds what it promises, and goes through the real fold."""

from datetime import UTC, datetime, timedelta

from django.test import TestCase, override_settings

from rax.simulator.demo import DEMO_KEYS
from rax.simulator.simulator import Simulator
from raxdash import demonstration
from teams.models import Team
from tests.usage.totals import totals
from usage.books import verify
from usage.ledger import Event, Quality
from usage.models import Annotation, Knot, Meter, ModelOffer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Long enough to hold a rollover, the gap and a correction.
HISTORY = timedelta(days=25)


@override_settings(SIMULATOR_URL="http://127.0.0.1:9/api/v1")
class DemonstrationTests(TestCase):
    """The history takes seconds to fill: once for all of these."""

    team: Team

    @classmethod
    def setUpTestData(cls) -> None:
        cls.team = demonstration.prepare()
        for _ in demonstration.fill(cls.team, HISTORY, NOON):
            pass

    def test_it_holds_three_keys_a_rollover_a_correction_and_a_gap(self) -> None:
        assert list(Meter.objects.for_team(self.team).values_list("name", flat=True)) == [
            "Production",
            "Trial",
            "Nightly batch",
        ]
        events = set(Annotation.objects.values_list("event", flat=True))
        assert events >= {Event.ROLLOVER, Event.CORRECTION}
        assert Knot.objects.filter(quality=Quality.INTERPOLATED).exists()

    def test_its_newest_period_matches_the_simulator_to_the_token(self) -> None:
        simulator = Simulator(DEMO_KEYS)
        last = NOON - demonstration.STEP
        told = [simulator.counters_at(key.simulated, last)["total_tokens"] for key in demonstration.KEYS]
        start = simulator.period.at(NOON).start
        assert totals(self.team, start, NOON)["tokens"] == sum(told)

    def test_filling_it_again_adds_nothing(self) -> None:
        before = Knot.objects.count()
        assert list(demonstration.fill(demonstration.prepare(), HISTORY, NOON)) == []
        assert Knot.objects.count() == before

    def test_its_keys_have_had_their_secrets_all_along(self) -> None:
        demonstration.prepare()
        assert not Meter.objects.renewed().exists()

    def test_its_keys_have_their_models_before_any_poll(self) -> None:
        assert ModelOffer.objects.open().for_team(self.team).count() == 6

    def test_its_ledger_can_be_verified(self) -> None:
        assert verify.team_differences(self.team) == []
        meters = Meter.objects.for_team(self.team)
        assert [verify.meter_differences(meter) for meter in meters] == [[], [], []]
