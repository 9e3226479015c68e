"""The description of the API that programs read: OpenAPI 3.1, kept by hand, for whoever asks."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from usage.api import problems
from usage.api.frame import answered, require_reading
from usage.api.kept import Made
from usage.api.problems import Problem

FILE = Path(__file__).parent / "openapi.json"
DESCRIPTION = Made.of(FILE.read_bytes())


@csrf_exempt
@login_not_required
async def description(request: HttpRequest) -> HttpResponse:
    """Answer with the document; it needs no token."""
    try:
        require_reading(request)
    except Problem as problem:
        return problems.answer(problem)
    return answered(request, DESCRIPTION)
