"""The demo's history holds what it promises, and goes through the real fold."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.test import TestCase, override_settings
from django.urls import reverse

from playground.answers.raw import Raw
from playground.editor.turns.branches import Branch
from playground.models import Conversation, Ending, RawLines, Run, RunState
from rax.simulator.demo import demo_keys
from rax.simulator.simulator import Simulator
from raxdash.demonstration import cast, filling
from raxdash.demonstration.runs import columns_page
from teams.keys.timelines import timeline
from teams.models import ALWAYS, Key, Membership, Role, Team, User
from tests.installation import ROOT
from tests.usage.totals import totals
from usage.books import verify
from usage.ledger import Event, Quality
from usage.models import (
    Annotation,
    CatalogueModel,
    FrozenReport,
    Import,
    Knot,
    LocalUsage,
    Meter,
    ModelOffer,
    Note,
    Price,
    RawPoll,
    SavedView,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Long enough to hold a rollover, the gap, a correction, and the end of a model.
HISTORY = timedelta(days=25)
# What stands on pages that have nothing to show.
EMPTY = re.compile(r'_empty\.html" with [^%]*?title="([^"]+)"|"card empty-in"[^>]*>\s*<div.*\s*<h2>([^<{]+)<')
EMPTY_WORDS = {
    first or second
    for path in (ROOT / "templates").rglob("*.html")
    for first, second in EMPTY.findall(path.read_text())
}
STORED = (
    *(RawPoll, Knot, Run, LocalUsage, Note, Price, SavedView, FrozenReport, Import, ModelOffer, Membership),
)


@override_settings(SIMULATOR_URL="http://127.0.0.1:9/api/v1")
class DemonstrationTests(TestCase):
    """The history takes seconds to fill: once for all of these."""

    team: Team

    @classmethod
    def setUpTestData(cls) -> None:
        with mock.patch("django.utils.timezone.now", return_value=NOON):
            cls.team = cast.prepare()
            # Its day is the one on which it was begun.
            Team.objects.filter(pk=cls.team.pk).update(created_at=NOON)
            cls.team.refresh_from_db()
            for _ in filling.fill(cls.team, HISTORY, NOON):
                pass

    def setUp(self) -> None:
        self.enterContext(mock.patch("django.utils.timezone.now", return_value=NOON))

    def test_it_holds_six_keys_a_rollover_a_correction_and_a_gap(self) -> None:
        assert list(Meter.objects.for_team(self.team).values_list("name", flat=True)) == [
            "Production",
            "Trial",
            "Nightly batch",
            "Mobile app",
            "Evals",
            "Docs search",
        ]
        events = set(Annotation.objects.values_list("event", flat=True))
        assert events >= {Event.ROLLOVER, Event.CORRECTION}
        assert Event.GLITCH not in events
        assert Knot.objects.filter(quality=Quality.INTERPOLATED).exists()

    def test_its_newest_period_matches_the_simulator_to_the_token(self) -> None:
        simulator = Simulator(demo_keys(NOON.date()))
        told = [
            simulator.counters_at(simulator.keys[key.secret], NOON - key.step)["total_tokens"]
            for key in cast.KEYS
        ]
        start = simulator.period.at(NOON).start
        assert totals(self.team, start, NOON)["tokens"] == sum(told)

    def test_a_page_over_two_periods_shows_exact_sums(self) -> None:
        simulator = Simulator(demo_keys(NOON.date()))
        start, end = datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
        spent = [simulator.between(simulator.keys[key.secret], start, end) for key in cast.KEYS]
        used = sum(each.tokens for models in spent for each in models.values())
        self.client.force_login(User.objects.get(email=cast.EMAIL))
        page = self.client.get(
            reverse("usage:usage", args=[self.team.slug]), {"start": "2026-10-31", "end": "2026-11-02"}
        ).content.decode()
        assert f"{used:,}" in page
        assert "at least" not in page[page.index("<main") :]

    def test_filling_it_again_adds_nothing(self) -> None:
        before = [model.objects.count() for model in STORED]
        with self.captureOnCommitCallbacks(execute=False):
            assert list(filling.fill(cast.prepare(), HISTORY, NOON + HOUR)) == []
        assert [model.objects.count() for model in STORED] == before

    def test_filling_it_again_leaves_keys_to_their_owners(self) -> None:
        cast.prepare()
        owners = dict(Key.objects.filter(team=self.team).values_list("name", "owner__email"))
        assert owners["Trial"] == cast.JONAS.email
        assert owners["Nightly batch"] == cast.PRIYA.email

    def test_its_keys_have_had_their_secrets_all_along(self) -> None:
        cast.prepare()
        assert not Meter.objects.renewed().exists()

    def test_its_keys_are_offered_three_models_now_and_one_went_two_weeks_ago(self) -> None:
        assert ModelOffer.objects.open().for_team(self.team).count() == 18
        gone = CatalogueModel.objects.exclude(gone_at=None).get(team=self.team)
        assert NOON - timedelta(days=15) < gone.gone_at < NOON - timedelta(days=13)
        # It was in use until then, and what came after it is now.
        simulator = Simulator(demo_keys(NOON.date()))
        production = simulator.keys[cast.PRODUCTION.secret]
        used = [set(simulator.between(production, at, at + HOUR)) for at in (NOON - 15 * 24 * HOUR, NOON)]
        assert used[0] - used[1] == {gone.name}

    def test_its_trial_key_nears_its_limit_at_any_time_of_the_day(self) -> None:
        simulator = Simulator(demo_keys(NOON.date()))
        trial = simulator.keys[cast.TRIAL.secret]
        midnight = NOON - 12 * HOUR
        used = [simulator.used_today(trial, midnight + hour * HOUR) for hour in (3, 9, 15, 23)]
        assert all(70_000 < tokens < 100_000 for tokens in used), used

    def test_its_people_have_names_and_roles(self) -> None:
        roles = dict(Membership.objects.filter(team=self.team).values_list("user__name", "role"))
        assert roles == {
            "Alex Morgan": Role.OWNER,
            "Priya Raman": Role.ADMIN,
            "Jonas Keller": Role.MEMBER,
            "Mei Lin": Role.VIEWER,
        }
        assert all(user.check_password(cast.PASSWORD) for user in User.objects.all())

    def test_its_keys_changed_hands_and_projects(self) -> None:
        projects, owners = [], []
        for key in Key.objects.filter(team=self.team):
            past = timeline(key).entries
            assert past[0].valid_from == ALWAYS
            projects += [entry.attributes.project for entry in past]
            owners += [entry.attributes.owner.name for entry in past]
        assert {
            "Website",
            "Customer portal",
            "Prototypes",
            "Reporting",
            "Mobile app",
            "Documentation",
        } == set(projects)
        assert Counter(owners) == {"Alex Morgan": 3, "Jonas Keller": 2, "Priya Raman": 3}

    def test_its_people_ran_some_fifty_prompts_with_every_end(self) -> None:
        runs = list(Run.objects.for_team(self.team))
        assert 45 <= len(runs) <= 55
        assert {run.state for run in runs} == set(RunState) - {RunState.QUEUED, RunState.RUNNING}
        assert {run.error_status for run in runs} >= {429, 500}
        assert {run.ending for run in runs} >= {Ending.WHOLE, Ending.REFUSED, Ending.CUT}
        assert any(run.reasoning for run in runs)
        assert any("| ---" in run.answer and "```" in run.answer for run in runs)
        assert any(len(Branch.of(run.conversation).versions) for run in runs)
        assert any(run.messages_before for run in runs)
        assert {run.author.name for run in runs} == {"Alex Morgan", "Priya Raman", "Jonas Keller"}
        assert Conversation.objects.for_team(self.team).count() > 10

    def test_a_page_of_columns_asked_the_same_of_three_models_with_values_filled_in(self) -> None:
        self.client.force_login(User.objects.get(email=cast.EMAIL))
        page = self.client.get(columns_page(self.team)).content.decode()
        assert re.findall(r'data-column="(\w)"', page) == ["a", "b", "c"]
        assert 'data-variable="shop"' in page
        asked = Run.objects.for_team(self.team).filter(template__isnull=False)
        customers = [run.template["values"].get("customer") for run in asked if run.turn == 1]
        assert customers == ["Amira Haddad"] * 3
        assert not any("{{" in run.message + run.system_prompt for run in asked)
        assert {run.template["values"]["shop"] for run in asked} == {"Northwind Tea"}
        assert len({run.model for run in asked}) == 3
        # Their answers are what the simulator says, as to everybody else.
        assert all(run.answer for run in asked)

    def test_what_came_of_the_last_week_is_there_line_by_line_and_one_answer_stalled(self) -> None:
        week_ago = NOON - timedelta(days=7)
        new = Run.objects.for_team(self.team).filter(created_at__gte=week_ago)
        raw = {run.pk: Raw.of(run, NOON) for run in new}
        assert len(raw) > 8
        assert [pk for pk, one in raw.items() if one is None] == []
        assert not RawLines.objects.exclude(run__in=new).exists()
        stalls = [gap.ms for one in raw.values() if one for gap in one.timeline.stalls if not gap.is_last]
        assert [2_400 <= ms < 2_500 for ms in stalls] == [True]
        longest = max(new.filter(state=RunState.COMPLETED), key=lambda run: len(run.answer))
        assert len(longest.answer.split()) > 2_500
        lines = raw[longest.pk].as_text()
        told = f'"total_tokens":{longest.prompt_tokens + longest.completion_tokens}'
        assert [each for each in (told, "data: [DONE]") if each not in lines] == []

    def test_what_its_people_ran_is_less_than_what_the_provider_counted(self) -> None:
        simulator = Simulator(demo_keys(NOON.date()))
        own: Counter[tuple[str, str, datetime]] = Counter()
        secrets = {key.name: key.secret for key in cast.KEYS}
        for line in LocalUsage.objects.select_related("key"):
            hour = line.at.replace(minute=0, second=0, microsecond=0)
            own[secrets[line.key.name], line.model, hour] += line.prompt_tokens + line.completion_tokens
        assert own
        for (secret, model, hour), tokens in own.items():
            assert tokens < simulator.between(simulator.keys[secret], hour, hour + HOUR)[model].tokens

    def test_everybody_starts_with_the_teams_view(self) -> None:
        for email in (cast.EMAIL, cast.MEI.email):
            self.client.force_login(User.objects.get(email=email))
            landed = self.client.get("/", follow=True)
            assert "period=last-week" in landed.redirect_chain[-1][0]
            assert "Last week by project" in landed.content.decode()

    def test_every_page_of_its_menu_has_something_to_show(self) -> None:
        self.client.force_login(User.objects.get(email=cast.EMAIL))
        page = self.client.get(reverse("usage:usage", args=[self.team.slug]), follow=True).content.decode()
        paths = set(re.findall(r'<a class="side-link[^>]* href="(/t/[^"?]+)', page))
        assert len(paths) >= 8, paths
        beside = (
            "notes",
            "prices",
            "saved_views",
            "frozen_pages",
            "accounts",
            "imports",
            "proof",
            "proof_seen",
            "proof_own",
        )
        paths |= {reverse(f"usage:{name}", args=[self.team.slug]) for name in beside}
        paths.add(reverse("teams:audit", args=[self.team.slug]))
        for path in sorted(paths):
            answer = self.client.get(path, follow=True)
            assert answer.status_code == 200, path
            words = answer.content.decode()
            assert not [empty for empty in EMPTY_WORDS if f">{empty}<" in words], path

    def test_it_has_a_file_of_older_days_to_take_in(self) -> None:
        (given,) = Import.objects.filter(team=self.team)
        assert (given.is_ready, given.effect["total"]["days"]) == (True, 14)

    def test_its_ledger_can_be_verified(self) -> None:
        assert verify.team_differences(self.team) == []
        meters = Meter.objects.for_team(self.team)
        assert [verify.meter_differences(meter) for meter in meters] == [[]] * 6
