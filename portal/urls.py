"""Every route of the portal. Private unless a view says otherwise; tests list the public ones."""

from django.urls import include, path, re_path

from portal import brand, views
from portal.accounts.views.confirm import confirm_email

portal_patterns = (
    [
        path("", views.home, name="home"),
        path("help/", views.help_page, name="help"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
        path("brand.css", brand.stylesheet, name="brand-stylesheet"),
        path("brand/logo", brand.logo, name="brand-logo"),
        path("livez", views.livez, name="livez"),
        path("readyz", views.readyz, name="readyz"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(portal_patterns)),
    # Before the library's own route of the same name.
    re_path(r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", confirm_email, name="account_confirm_email"),
    path("accounts/", include("allauth.urls")),
    path("people/", include("portal.accounts.urls")),
    path("activity/", include("portal.activity.urls")),
    path("jobs/", include("portal.jobs.urls")),
    path("mail/", include("portal.mail.urls")),
    path("", include("sites.urls")),
    path("", include("grants.urls")),
    path("", include("reporting.urls")),
]
