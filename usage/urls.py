"""A team's usage, quota and models."""

from django.urls import path

from usage.accounts import views as accounts_views
from usage.catalogue.page import views as catalogue_views
from usage.explore import filter_views, frozen_views, mine_views, proof_views
from usage.explore import views as explore_views
from usage.explore.saved import views as saved_views
from usage.exports import frozen_views as frozen_files_views
from usage.exports import making_views
from usage.exports import views as exports_views
from usage.imports import views as imports_views
from usage.notes import views as notes_views
from usage.prices import views as prices_views
from usage.quota.page import views as quota_views

app_name = "usage"
urlpatterns = [
    path("usage/", explore_views.usage, name="usage"),
    path("usage/anchor/", filter_views.anchors, name="anchors"),
    path("usage/filter/<str:dimension>/", filter_views.filter_values, name="filter_values"),
    path("usage/poll/", explore_views.poll_now, name="poll_now"),
    path("usage/mine/", mine_views.mine, name="mine"),
    path("usage/proof/", proof_views.proof, name="proof"),
    path("usage/proof/seen/", proof_views.seen, name="proof_seen"),
    path("usage/proof/own/", proof_views.own, name="proof_own"),
    path("usage/proof/<int:meter_id>/<int:began>/", proof_views.raw_answers, name="raw_answers"),
    path("usage/proof/answers/<int:poll_id>/", proof_views.raw_answer, name="raw_answer"),
    path("usage/export/", exports_views.exports, name="exports"),
    path("usage/export/new/", making_views.make_export, name="make_export"),
    path("usage/export/made/", making_views.made_exports, name="made_exports"),
    path("usage/export/made/<int:export_id>/", making_views.made_export, name="made_export"),
    path("usage/export/made/<int:export_id>/cancel/", making_views.cancel_export, name="cancel_export"),
    path("usage/export/made/<int:export_id>/file/", making_views.made_file, name="made_file"),
    path("usage/export.<slug:kind>", exports_views.export, name="export"),
    path("usage/frozen/", frozen_views.frozen_pages, name="frozen_pages"),
    path("usage/frozen/new/", frozen_views.freeze, name="freeze"),
    path("usage/frozen/<int:frozen_id>/", frozen_views.frozen_page, name="frozen_page"),
    path(
        "usage/frozen/<int:frozen_id>/export.<slug:kind>",
        frozen_files_views.frozen_file,
        name="frozen_file",
    ),
    path(
        "usage/frozen/<int:frozen_id>/export/new/",
        making_views.make_frozen_export,
        name="make_frozen_export",
    ),
    path("usage/frozen/<int:frozen_id>/remove/", frozen_views.remove_frozen, name="remove_frozen"),
    path("usage/accounts/", accounts_views.accounts, name="accounts"),
    path("usage/accounts/<int:suggestion_id>/count-once/", accounts_views.count_once, name="count_once"),
    path("usage/accounts/<int:suggestion_id>/keep-apart/", accounts_views.keep_apart, name="keep_apart"),
    path("usage/accounts/<int:suggestion_id>/ask-again/", accounts_views.ask_again, name="ask_again"),
    path("usage/accounts/meters/<int:meter_id>/count-apart/", accounts_views.count_apart, name="count_apart"),
    path("usage/accounts/keys/<uuid:key_id>/split/", accounts_views.split, name="split"),
    path("usage/accounts/meters/<int:meter_id>/resets/<int:at>/", accounts_views.reset, name="reset"),
    path(
        "usage/accounts/resets/<int:reset_id>/take-back/",
        accounts_views.take_back_reset,
        name="take_back_reset",
    ),
    path("usage/notes/", notes_views.notes, name="notes"),
    path("usage/notes/new/", notes_views.write_note, name="write_note"),
    path("usage/notes/<int:note_id>/", notes_views.edit_note, name="edit_note"),
    path("usage/notes/<int:note_id>/remove/", notes_views.remove_note, name="remove_note"),
    path("usage/imports/", imports_views.imports, name="imports"),
    path("usage/imports/new/", imports_views.import_file, name="import_file"),
    path("usage/imports/days/", imports_views.ask_for_days, name="ask_for_days"),
    path("usage/imports/<int:import_id>/", imports_views.import_page, name="import"),
    path("usage/imports/<int:import_id>/take/", imports_views.take_import, name="take_import"),
    path("usage/imports/<int:import_id>/undo/", imports_views.undo_import, name="undo_import"),
    path("usage/imports/<int:import_id>/discard/", imports_views.discard_import, name="discard_import"),
    path("usage/prices/", prices_views.prices, name="prices"),
    path("usage/prices/new/", prices_views.add_price, name="add_price"),
    path("usage/prices/currency/", prices_views.currency, name="currency"),
    path("usage/prices/<int:price_id>/", prices_views.change_price, name="change_price"),
    path("usage/prices/<int:price_id>/end/", prices_views.end_price, name="end_price"),
    path("usage/prices/<int:price_id>/remove/", prices_views.remove_price, name="remove_price"),
    path("usage/views/", saved_views.saved_views, name="saved_views"),
    path("usage/views/new/", saved_views.save_view, name="save_view"),
    path("usage/views/playground/", saved_views.start_in_playground, name="start_in_playground"),
    path("usage/views/<int:view_id>/", saved_views.rename_view, name="rename_view"),
    path("usage/views/<int:view_id>/update/", saved_views.update_view, name="update_view"),
    path("usage/views/<int:view_id>/move/", saved_views.move_view, name="move_view"),
    path("usage/views/<int:view_id>/start/", saved_views.start_with_view, name="start_with_view"),
    path("usage/views/<int:view_id>/delete/", saved_views.delete_view, name="delete_view"),
    path("usage/views/<int:view_id>/restore/", saved_views.restore_view, name="restore_view"),
    path("quota/", quota_views.quota, name="quota"),
    path("quota/<uuid:key_id>/", quota_views.quota_key, name="quota_key"),
    path("models/", catalogue_views.models, name="models"),
    path("models/changes/", catalogue_views.model_changes, name="model_changes"),
    path("models/<int:model_id>/retirement/", catalogue_views.retirement, name="retirement"),
]
