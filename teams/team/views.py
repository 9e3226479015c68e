"""A team's settings, its audit trail, its end; and another team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.templatetags.names import isolated
from common.zones import zone_names
from teams.acts import TeamAct
from teams.http import FORM, Request
from teams.jobs import shown_jobs
from teams.models import Team
from teams.permissions import get_access
from teams.sign_in import reauthentication
from teams.team import life
from teams.team.audit_trail import history
from teams.team.forms import DeleteTeamForm, NewTeamForm, TeamForm

SETTINGS = ("name", "time_zone", "week_start", "quota_time_zone", "keep_prompts_days", "keep_raw_lines_days")


@FORM
def settings(request: Request, slug: str) -> HttpResponse:
    """Show and change the team's settings."""
    access = get_access(request, slug, TeamAct.CHANGE_TEAM)
    values = {name: getattr(access.team, name) for name in SETTINGS}
    form = TeamForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        if shortens(form.cleaned_data["keep_prompts_days"], access.team) and (
            asked := reauthentication.ask(request)
        ):
            return asked
        life.change_team(access, form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("teams:settings", slug=slug)
    context = {
        "form": form,
        "zones": sorted(zone_names()),
        "jobs": shown_jobs(access.team),
        "may_steer": access.may(TeamAct.STEER_JOBS),
        "may_delete": access.may(TeamAct.DELETE_TEAM),
    }
    return render(request, "teams/team/settings.html", context, status=422 if form.errors else 200)


def shortens(days: int, team: Team) -> bool:
    """Tell whether keeping prompts for so many days erases some that are kept now."""
    return days > 0 and (team.keep_prompts_days == 0 or days < team.keep_prompts_days)


@FORM
def delete_team(request: Request, slug: str) -> HttpResponse:
    """Ask for the name, then delete the team."""
    access = get_access(request, slug, TeamAct.DELETE_TEAM)
    if asked := reauthentication.ask(request):
        return asked
    form = DeleteTeamForm(request.POST if request.method == "POST" else None, team=access.team)
    if request.method == "POST" and form.is_valid():
        life.delete_team(access)
        messages.success(request, f"{isolated(access.team.name)} was deleted.")
        return redirect("home")
    return render(request, "teams/team/delete.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def audit(request: Request, slug: str) -> HttpResponse:
    """List who did what, by person, deed and period."""
    access = get_access(request, slug, TeamAct.READ_AUDIT)
    return render(request, "teams/team/audit.html", {"page": history(access.team, request.GET)})


@FORM
def create_team(request: Request) -> HttpResponse:
    """Create another team, owned by who asks, where they may."""
    life.require_may_create_team(request.user)
    form = NewTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        team = life.create_team(
            request.user, data["name"], data["time_zone"], request.META.get("REMOTE_ADDR", "")
        )
        messages.success(request, f"{isolated(team.name)} is yours. Add a key, and invite people.")
        return redirect("teams:keys", slug=team.slug)
    return render(request, "teams/team/new.html", {"form": form}, status=422 if form.errors else 200)
