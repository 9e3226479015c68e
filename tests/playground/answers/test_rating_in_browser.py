"""An answer is rated in its turn, by keys alone, and the form over it goes with Escape without a Stop."""

from playwright.sync_api import Page, expect

from tests.conftest import Console
from tests.holding import hold
from tests.installation import Installation
from tests.playground.visitor import Visitor

expect.set_options(timeout=30_000)


def test_an_answer_is_rated_in_its_turn_by_keys(
    alice: Page, live_raxdash: Installation, console: Console
) -> None:
    # A busy page hears late that its requests are to be held, each time that is begun: so it is from here on.
    alice.route("**/rate/", lambda route: route.continue_())
    # The line is away for once, and slow then.
    alice.route("**/rate/", lambda route: route.abort(), times=1)
    with Visitor(live_raxdash) as visitor:
        run = visitor.run("[[say:Ten days.]]")
        visitor.wait_for_end(run)
        alice.goto(
            f"{live_raxdash.url}/t/acme/playground/?conversation={visitor.conversation_of(run)}&conversation="
        )
    turn = alice.get_by_role("article", name="Turn 1")
    form = alice.get_by_role("form", name="Rating and note")
    turn.get_by_role("button", name="Rate").focus()
    alice.keyboard.press("Enter")
    expect(form.get_by_role("radio", name="Good")).to_be_focused()
    alice.keyboard.press("Escape")
    expect(form).to_be_hidden()
    alice.keyboard.press("Enter")
    expect(form.get_by_role("radio", name="Good")).to_be_focused()
    alice.keyboard.press("ArrowDown")
    alice.keyboard.press("Tab")
    alice.keyboard.type("Too short.")
    alice.keyboard.press("Tab")
    alice.keyboard.press("Enter")
    expect(alice.get_by_text("raxdash cannot be reached. What you typed is kept")).to_be_visible()
    save = form.get_by_role("button", name="Save")
    expect(save).to_be_focused()
    asked = hold(alice, "**/rate/", times=1)
    alice.keyboard.press("Enter")
    route = asked()
    form.get_by_label("Note").fill("Too short.\nMuch.")
    route.continue_()
    expect(turn.get_by_role("button", name="Bad")).to_be_attached()
    expect(form, "it goes while somebody types").to_be_visible()
    expect(form.get_by_label("Note")).to_have_value("Too short.\nMuch.")
    expect(save).to_be_enabled()
    save.press("Enter")
    expect(turn.get_by_role("button", name="Bad")).to_be_focused()
    expect(form).to_be_hidden()
    expect(turn.get_by_role("paragraph").filter(has_text="Much.")).to_be_visible()
    expect(turn.get_by_text("Note by Alice")).to_be_visible()
    console.clear()  # the line that was away
