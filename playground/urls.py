"""The playground's pages, below `/t/<team>/playground/`."""

from django.urls import path

from playground.views import index, runs, start

app_name = "playground"
urlpatterns = [
    path("", index.index, name="index"),
    path("start/", start.start, name="start"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<uuid:run_id>/", runs.run_page, name="run"),
    path("runs/<uuid:run_id>/stop/", runs.stop, name="stop"),
    path("runs/<uuid:run_id>/again/", runs.again, name="again"),
    path("runs/<uuid:run_id>/delete/", runs.delete, name="delete"),
]
