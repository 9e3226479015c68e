"""The playground's pages, below `/t/<team>/playground/`."""

from django.urls import path

from playground import views

app_name = "playground"
urlpatterns = [
    path("", views.index, name="index"),
    path("start/", views.start, name="start"),
    path("runs/", views.runs, name="runs"),
    path("runs/<uuid:run_id>/", views.run_page, name="run"),
    path("runs/<uuid:run_id>/stop/", views.stop, name="stop"),
    path("runs/<uuid:run_id>/again/", views.again, name="again"),
    path("runs/<uuid:run_id>/delete/", views.delete, name="delete"),
]
