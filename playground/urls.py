"""The playground's pages, below `/t/<team>/playground/`."""

from django.urls import path

from playground.code.views import paste, preview, run_code, stale
from playground.editor.views import compare, conversations, draft_pages, drafts, gauge, index, runs, start
from playground.history import answers, pages
from playground.history import views as history

app_name = "playground"
urlpatterns = [
    path("", index.index, name="index"),
    path("keys/", index.keys, name="keys"),
    path("gauge/", gauge.gauge, name="gauge"),
    path("stream/", index.streams, name="streams"),
    path("differences/", compare.compare, name="differences"),
    path("start/", start.start, name="start"),
    path("draft/", drafts.save, name="save_draft"),
    path("draft/choose/", drafts.choose, name="choose_draft"),
    path("draft/change/", drafts.change, name="change_columns"),
    path("draft/discard/", drafts.discard, name="discard_draft"),
    path("drafts/", draft_pages.drafts, name="drafts"),
    path("drafts/<int:draft_id>/", draft_pages.draft, name="draft"),
    path("drafts/<int:draft_id>/restore/", draft_pages.restore, name="restore_draft"),
    path("preview/", preview.show_preview, name="preview"),
    path("paste/", paste.paste, name="paste"),
    path("stale/", stale.stale, name="stale"),
    path("stale/run/", stale.run_stale, name="run_stale"),
    path("conversations/<uuid:conversation_id>/title/", conversations.rename, name="rename"),
    path("runs/", pages.runs, name="runs"),
    path("runs/export.<slug:kind>", pages.export, name="export"),
    path("runs/compare/", pages.compare, name="compare"),
    path("runs/<uuid:run_id>/", history.run_page, name="run"),
    path("runs/<uuid:run_id>/message/", history.message, name="message"),
    path("runs/<uuid:run_id>/request/", history.sent, name="sent"),
    path("runs/<uuid:run_id>/code/", run_code.run_code, name="run_code"),
    path("stop/", runs.stop_all, name="stop_all"),
    path("runs/<uuid:run_id>/stop/", runs.stop, name="stop"),
    path("runs/<uuid:run_id>/again/", runs.again, name="again"),
    path("runs/<uuid:run_id>/go-on/", runs.go_on_with, name="go_on"),
    path("runs/<uuid:run_id>/raw.txt", answers.raw_lines, name="raw_lines"),
    path("runs/<uuid:run_id>/schema/", answers.check_schema, name="check_schema"),
    path("runs/<uuid:run_id>/rate/", pages.rate_run, name="rate"),
    path("runs/<uuid:run_id>/delete/", history.delete, name="delete"),
]
