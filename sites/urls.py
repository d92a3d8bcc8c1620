"""Routes of coalitions, their teams and the list of sites."""

from django.urls import path

from sites.views import coalition, component, district, invitation, partner, school, seat, site

app_name = "sites"
urlpatterns = [
    path("sites/", site.site_list, name="site-list"),
    path("components/", component.component_list, name="component-list"),
    path("components/<slug:code>/", component.component_edit, name="component-edit"),
    path("components/issues/<slug:code>/", component.issue_edit, name="issue-edit"),
    path("districts/", district.district_list, name="district-list"),
    path("coalitions/", coalition.coalition_list, name="coalition-list"),
    path("coalitions/new/", coalition.coalition_new, name="coalition-new"),
    path("coalitions/<str:reference>/", coalition.coalition_detail, name="coalition-detail"),
    path("coalitions/<str:reference>/edit/", coalition.coalition_edit, name="coalition-edit"),
    path("coalitions/<str:reference>/fiscal-agent/", coalition.fiscal_agent, name="coalition-fiscal-agent"),
    path("coalitions/<str:reference>/partners/new/", partner.partner_new, name="partner-new"),
    path("coalitions/<str:reference>/partners/<uuid:public_id>/", partner.partner_edit, name="partner-edit"),
    path("coalitions/<str:reference>/partners/<uuid:public_id>/remove/", partner.partner_remove, name="partner-remove"),
    path("coalitions/<str:reference>/schools/", school.school_list, name="school-list"),
    path("coalitions/<str:reference>/schools/remove/", school.school_remove, name="school-remove"),
    path("coalitions/<str:reference>/seats/<uuid:public_id>/", seat.seat_detail, name="seat-detail"),
    path("coalitions/<str:reference>/seats/<uuid:public_id>/summary/", seat.seat_summary, name="seat-summary"),
    path("coalitions/<str:reference>/seats/<uuid:public_id>/role/", seat.seat_role, name="seat-role"),
    path("coalitions/<str:reference>/seats/<uuid:public_id>/hand-over/", seat.seat_hand_over, name="seat-hand-over"),
    path("coalitions/<str:reference>/seats/<uuid:public_id>/end/", seat.seat_end, name="seat-end"),
    path("coalitions/<str:reference>/invitations/new/", invitation.invitation_new, name="invitation-new"),
    path(
        "coalitions/<str:reference>/invitations/<uuid:public_id>/withdraw/",
        invitation.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(
        "coalitions/<str:reference>/invitations/<uuid:public_id>/again/",
        invitation.invitation_again,
        name="invitation-again",
    ),
    path("invitations/waiting/<uuid:public_id>/", invitation.invitation_answer, name="invitation-answer"),
    path("invitations/<str:token>/", invitation.invitation_detail, name="invitation-detail"),
]
