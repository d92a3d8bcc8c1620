"""What every page may know about the portal itself."""

from django.conf import settings

from portal.brand import version_of


def portal(request):
    """Names, the support address and whether this is the demo."""
    return {
        "PORTAL_NAME": settings.PORTAL_NAME,
        "FOUNDATION_NAME": settings.FOUNDATION_NAME,
        "SUPPORT_EMAIL": settings.SUPPORT_EMAIL,
        "DEMO": settings.DEMO,
        "LOGO_FILE": settings.LOGO_FILE,
        "BRAND_VERSION": version_of(settings.ACCENT_COLOR, settings.LOGO_FILE),
    }
