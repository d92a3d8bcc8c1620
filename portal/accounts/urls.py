"""Routes of people and of one's own profile. Signing in and its factors are the sign-in library's routes."""

from django.urls import path

from portal.accounts.views import person, profile

app_name = "accounts"
urlpatterns = [
    path("", person.person_list, name="person-list"),
    path("me/", profile.profile, name="profile"),
    path("<uuid:public_id>/", person.person_detail, name="person-detail"),
    path("<uuid:public_id>/roles/", person.role_grant, name="person-role-grant"),
    path("<uuid:public_id>/roles/<slug:role>/revoke/", person.role_revoke, name="person-role-revoke"),
    path("<uuid:public_id>/deactivate/", person.person_deactivate, name="person-deactivate"),
    path("<uuid:public_id>/reactivate/", person.person_reactivate, name="person-reactivate"),
    path("<uuid:public_id>/end-sessions/", person.person_end_sessions, name="person-end-sessions"),
]
