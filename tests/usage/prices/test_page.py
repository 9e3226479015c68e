"""The page of prices: who sees and sets them, what is refused, and what the audit trail tells."""

from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest

from teams.models import AuditEntry
from tests.directions import without_directions
from tests.usage.prices.priced import NOVEMBER, make_price
from usage.models import Price, PriceList, TeamModel
from usage.prices.tables import currency_of, prices_of

pytestmark = pytest.mark.django_db

PRICES = "/t/acme/usage/prices/"
FIELDS = {"model": "rax-4.5", "per_million": "2,50", "valid_from": "2026-11-01"}


def words(response):
    """The page as it is read."""
    return without_directions(unescape(response.content.decode()))


def posted(cast, path="new/", name="alice", **fields):
    return cast.client(name).post(PRICES + path, fields or FIELDS)


def deeds(team):
    return list(AuditEntry.objects.for_team(team).values_list("deed", "object_label", "details"))


class TestAdding:
    def test_a_price_is_added_with_a_comma_too(self, cast):
        response = posted(cast)

        assert response.status_code == 302
        price = Price.objects.get(team=cast.team)
        assert (price.model, price.per_million, price.valid_from) == ("rax-4.5", Decimal("2.5"), NOVEMBER)
        assert "2.50" in words(cast.client("vera").get(PRICES))

    def test_input_and_output_may_have_their_own(self, cast):
        posted(cast, **FIELDS, input_per_million="1", output_per_million="4.000001")

        rate = prices_of(cast.team).table.on("rax-4.5", date(2026, 12, 24))
        assert (rate.input_per_million, rate.output_per_million) == (Decimal(1), Decimal("4.000001"))

    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"per_million": "-1"}, "A price cannot be negative."),
            ({"per_million": "1,000"}, "1,000 can be read in two ways."),
            ({"per_million": "cheap"}, "That is not a price."),
            ({"per_million": ""}, "Write what a million tokens cost; 0 where they are free."),
            ({"per_million": "1000000.5"}, "A million tokens cost no more than 1,000,000."),
            ({"per_million": "0.0000001"}, "A price has 6 decimal places at most."),
            ({"input_per_million": "1"}, "Give a price for input and one for output, or neither."),
            ({"output_per_million": "0"}, "Give a price for input and one for output, or neither."),
            ({"valid_from": "0001-01-01"}, "Choose a day from 2000 to 2100."),
            ({"valid_from": "9999-12-31"}, "Choose a day from 2000 to 2100."),
            ({"valid_from": "2026-02-30"}, "That is not a day."),
            ({"valid_from": ""}, "Choose a day."),
            ({"model": " "}, "Name a model."),
            ({"model": "(unattributed)"}, "(unattributed) is no model"),
            ({"model": "m" * 201}, "at most 200 characters"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, cast, fields, refusal):
        response = posted(cast, **FIELDS | fields)

        assert response.status_code == 422
        assert refusal in words(response)
        assert not Price.objects.exists()

    def test_two_prices_cannot_begin_on_one_day(self, cast):
        make_price(cast.team)

        assert "rax-4.5 has a price from 1 Nov 2026 on already." in words(posted(cast))
        assert Price.objects.get().per_million == Decimal("2.5")

    def test_one_may_begin_on_the_day_on_which_another_ended(self, cast):
        make_price(cast.team, price=None)

        assert posted(cast).status_code == 302
        assert Price.objects.get().per_million == Decimal("2.5")

    def test_the_form_proposes_the_model_of_the_address(self, cast):
        assert 'value="rax-9"' in words(cast.client("alice").get(f"{PRICES}new/?model=rax-9"))

    def test_a_fragment_answers_htmx(self, cast):
        response = cast.client("alice").post(PRICES + "new/", {}, headers={"HX-Request": "true"})

        assert response.status_code == 422
        assert "<html" not in words(response)

    def test_caches_of_the_teams_numbers_end(self, cast):
        before = cast.team.generation
        posted(cast)
        cast.team.refresh_from_db()

        assert cast.team.generation == before + 1


class TestChanging:
    def test_amount_and_day_may_be_corrected(self, cast):
        price = make_price(cast.team, input_per_million="1", output_per_million="2")
        posted(cast, f"{price.pk}/", per_million="3", valid_from="2026-10-01")

        price.refresh_from_db()
        assert (price.per_million, price.valid_from) == (3, date(2026, 10, 1))
        assert price.input_per_million is price.output_per_million is None

    def test_the_form_shows_what_is_there(self, cast):
        price = make_price(cast.team, price="0.250000")
        page = words(cast.client("alice").get(f"{PRICES}{price.pk}/"))

        assert 'value="0.25"' in page
        assert 'value="2026-11-01"' in page

    def test_it_cannot_move_onto_another_one(self, cast):
        price, later = make_price(cast.team), make_price(cast.team, day=date(2026, 12, 1))
        response = posted(cast, f"{price.pk}/", per_million="9", valid_from="2026-12-01")

        assert "rax-4.5 has a price from 1 Dec 2026 on already." in words(response)
        assert Price.objects.get(pk=later.pk).per_million == Decimal("2.5")

    def test_the_audit_trail_tells_before_and_after(self, cast):
        price = make_price(cast.team)
        posted(cast, f"{price.pk}/", per_million="3", valid_from="2026-11-01")

        assert deeds(cast.team) == [("price.changed", "rax-4.5", {"per_million": ["2.50", "3.00"]})]


class TestEnding:
    def test_a_price_ends_and_the_end_can_be_taken_back(self, cast):
        price = make_price(cast.team)
        posted(cast, f"{price.pk}/end/", day="2026-12-01")

        assert prices_of(cast.team).table.on("rax-4.5", date(2026, 11, 30))
        assert prices_of(cast.team).table.on("rax-4.5", date(2026, 12, 1)) is None
        page = words(cast.client("alice").get(PRICES))
        assert "From 1 Nov 2026 to 30 Nov 2026" in page
        assert "No price from 1 Dec 2026" in page

        end = Price.objects.get(per_million=None)
        posted(cast, f"{end.pk}/remove/")
        assert prices_of(cast.team).table.on("rax-4.5", date(2026, 12, 1))

    @pytest.mark.parametrize("day", ["2026-11-01", "2026-10-01"])
    def test_it_cannot_end_before_it_begins(self, cast, day):
        price = make_price(cast.team)

        assert "it can end after that day only" in words(posted(cast, f"{price.pk}/end/", day=day))
        assert Price.objects.count() == 1

    def test_it_cannot_end_where_the_next_one_holds(self, cast):
        price, _ = make_price(cast.team), make_price(cast.team, day=date(2026, 12, 1))
        response = posted(cast, f"{price.pk}/end/", day="2026-12-05")

        assert "From 1 Dec 2026 on it does not hold any more." in words(response)

    def test_an_end_is_no_price_to_be_changed(self, cast):
        end = make_price(cast.team, price=None)
        client = cast.client("alice")

        assert client.get(f"{PRICES}{end.pk}/").status_code == 404
        assert client.get(f"{PRICES}{end.pk}/end/").status_code == 404


class TestRemoving:
    def test_it_asks_first_and_tells_the_audit_trail(self, cast):
        price = make_price(cast.team)

        assert "Remove a price?" in words(cast.client("alice").get(f"{PRICES}{price.pk}/remove/"))
        posted(cast, f"{price.pk}/remove/")

        assert not Price.objects.filter(team=cast.team).exists()
        assert deeds(cast.team) == [
            ("price.removed", "rax-4.5", {"per_million": "2.50", "from": "2026-11-01"})
        ]


class TestCurrency:
    @pytest.mark.parametrize("code", ["EUR", " eur "])
    def test_one_currency_is_chosen_for_all(self, cast, code):
        make_price(cast.team)
        posted(cast, "currency/", currency=code)

        assert currency_of(cast.team) == "EUR"
        assert "EUR per million tokens" in words(cast.client("vera").get(PRICES))
        assert deeds(cast.team) == [("price.currency_changed", "", {"currency": ["USD", "EUR"]})]

    @pytest.mark.parametrize("code", ["", "€", "EURO", "E1R", "ЕUR"])
    def test_what_is_no_code_is_refused(self, cast, code):
        assert posted(cast, "currency/", currency=code).status_code == 422
        assert not PriceList.objects.exists()


class TestPage:
    def test_at_first_there_is_none(self, cast):
        assert "No prices yet" in words(cast.client("vera").get(PRICES))
        assert not Price.objects.filter(team=cast.team).exists()

    def test_a_viewer_reads_without_buttons(self, cast):
        make_price(cast.team)
        page = words(cast.client("vera").get(PRICES))

        assert "rax-4.5" in page
        assert "Add a price" not in page
        assert "Remove" not in page

    def test_models_that_were_used_without_a_price_are_named(self, cast):
        make_price(cast.team)
        for name in ("rax-4.5", "rax-9", "(unattributed)", "a&b"):
            TeamModel.objects.create(team=cast.team, model=name)
        TeamModel.objects.create(team=cast.other_team, model="theirs")

        page = words(cast.client("alice").get(PRICES))

        unpriced = page.partition("Used, and without a price:")[2].partition("</div>")[0]
        assert "new/?model=a%26b" in unpriced
        assert "new/?model=rax-9" in unpriced
        assert "rax-4.5" not in unpriced
        assert "(unattributed)" not in unpriced
        assert "theirs" not in page

    def test_a_price_to_come_is_told_so(self, cast):
        make_price(cast.team, day=cast.team.today() + timedelta(days=3))

        assert "Later" in words(cast.client("vera").get(PRICES))

    def test_another_teams_prices_are_nobodys_business(self, cast):
        theirs = make_price(cast.other_team, "secret-model")
        client = cast.client("alice")

        assert "secret-model" not in words(client.get(PRICES))
        for path in ("", "end/", "remove/"):
            assert client.post(f"{PRICES}{theirs.pk}/{path}", FIELDS).status_code == 404
        assert Price.objects.get() == theirs

    def test_five_hundred_models_cost_no_more_queries(self, cast, django_assert_max_num_queries):
        for number in range(500):
            make_price(cast.team, f"model-{number:03}")
            make_price(cast.team, f"model-{number:03}", date(2025, 1, 1))
        client = cast.client("alice")

        with django_assert_max_num_queries(12):
            page = words(client.get(f"{PRICES}?page=2"))

        assert page.count('data-label="Price"') == 50
        assert "model-025" in page
