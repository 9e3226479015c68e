"""The first start in the browser, and the way from `/` to a team."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from teams.http import FORM, Request, go_on, show_form
from teams.keys import check_messages
from teams.models import Membership, Team
from teams.sign_in import reauthentication
from teams.start import first_start
from teams.start.forms import SetupForm
from teams.start.start_pages import start_page
from teams.team.life import may_create_team


@require_safe
@login_not_required
def home(request: Request) -> HttpResponse:
    """Send a person to their last team, a stranger to the login, the very first one to what to do."""
    if not request.user.is_authenticated:
        if first_start.is_first_start():
            return render(request, "teams/start/first_start.html")
        return redirect("account_login")
    user = request.user
    teams = Team.objects.for_user(user)
    team = teams.filter(pk=user.last_team_id or 0).first() or teams.order_by("name").first()
    if team is None:
        return render(request, "teams/start/no_team.html", {"may_create_team": may_create_team(user)})
    return redirect(start_page(Membership.objects.select_related("team").get(team=team, user=user)))


@FORM
@login_not_required
@sensitive_post_parameters("password", "secret")
def setup(request: Request) -> HttpResponse:
    """Create owner, team and key at the first start, for whoever has the token."""
    if not first_start.is_first_start():
        return redirect("home")
    if not first_start.token_is_right(request.GET.get("token", "")):
        return render(request, "teams/start/first_start.html", status=403)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return finish_setup(request, form)
    return show_form(request, "teams/start/setup.html", "setup", form, simulator=bool(settings.SIMULATOR_URL))


def finish_setup(request: Request, form: SetupForm) -> HttpResponse:
    """Save everything at once, sign the owner in and open the playground."""
    data = form.cleaned_data
    owner = first_start.Owner(email=data["email"], password=data["password"])
    with transaction.atomic():
        if not first_start.is_first_start():  # somebody was faster while the provider was asked
            return redirect("home")
        user, team, _ = first_start.set_up(
            owner, data["team_name"], form.key_details(), time_zone=data["time_zone"], by_shell=False
        )
    check_messages.about_check(request, form.check)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    reauthentication.password_was_said(request, user)
    return go_on(request, "playground:index", slug=team.slug)
