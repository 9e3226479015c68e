"""The pages of a team that belong to no other app."""

from django.urls import path

from teams.jobs import views as jobs
from teams.keys import views as keys
from teams.members import views as members
from teams.team import views as team
from teams.tokens import views as tokens

app_name = "teams"
urlpatterns = [
    path("keys/", keys.keys, name="keys"),
    path("keys/add/", keys.add_key, name="add_key"),
    path("keys/<uuid:key_id>/", keys.key, name="key"),
    path("keys/<uuid:key_id>/secret/", keys.replace_secret, name="replace_secret"),
    path("keys/<uuid:key_id>/check/", keys.check_key, name="check_key"),
    path("keys/<uuid:key_id>/retire/", keys.retire_key, name="retire_key"),
    path("members/", members.members, name="members"),
    path("members/names/", keys.member_names, name="member_names"),
    path("members/invite/", members.invite, name="invite"),
    path("members/leave/", members.leave, name="leave"),
    path("members/<int:membership_id>/role/", members.change_role, name="change_role"),
    path("members/<int:membership_id>/remove/", members.remove, name="remove_member"),
    path("members/invitations/<int:invitation_id>/revoke/", members.revoke, name="revoke_invitation"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/make/", tokens.make, name="make_token"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("jobs/<int:job_id>/again/", jobs.try_job_again, name="try_job_again"),
    path("settings/", team.settings, name="settings"),
    path("settings/delete/", team.delete_team, name="delete_team"),
    path("audit/", team.audit, name="audit"),
]
