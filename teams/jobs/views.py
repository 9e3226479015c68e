"""The long jobs of a team, shown where they were asked for: how far one is, Cancel, and Try again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from common import jobs
from common.fragments import render_fragment, unchanged
from common.models import Job
from teams.acts import TeamAct
from teams.http import Request, go_on
from teams.jobs.steering import cancel, scope_of, try_again
from teams.permissions import Access, get_access


@require_safe
def job(request: Request, slug: str, job_id: int) -> HttpResponse:
    """Show how far a job is. The page that polls it is loaded anew at its end, since its numbers changed."""
    access = get_access(request, slug, TeamAct.SEE_JOBS)
    shown = jobs.shown([find(access, job_id)])[0]
    if answer := unchanged(request, shown.tag):
        return answer
    context = {"shown": shown, "may_steer": access.may(TeamAct.STEER_JOBS)}
    response = render_fragment(request, "teams/jobs/job.html", "job", context, shown.tag)
    if request.htmx and not shown.job.is_pending:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def cancel_job(request: Request, slug: str, job_id: int) -> HttpResponse:
    """End a job before its time."""
    return steer(request, slug, job_id, cancel, "It was over already, or cannot be cancelled.")


@require_POST
def try_job_again(request: Request, slug: str, job_id: int) -> HttpResponse:
    """Go on with a job that failed."""
    return steer(request, slug, job_id, try_again, "It goes on already.")


def steer(
    request: Request, slug: str, job_id: int, deed: Callable[[Access, Job], bool], otherwise: str
) -> HttpResponse:
    """Do something to a job, and show it; say why where nothing was to be done."""
    access = get_access(request, slug, TeamAct.STEER_JOBS)
    if not deed(access, find(access, job_id)):
        messages.info(request, otherwise)
    return go_on(request, "teams:job", slug=slug, job_id=job_id)


def find(access: Access, job_id: int) -> Job:
    """Return a job of the team; 404 otherwise."""
    return get_object_or_404(Job.objects.of(scope_of(access.team)), pk=job_id)
