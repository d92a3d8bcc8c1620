"""The portal's settings with what measuring adds: a one-line view beside the portal, and counted queries on request."""

from portal.settings import *  # noqa: F403 - all of them, as they are
from portal.settings import MIDDLEWARE, STORAGES

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = ["benchmarks.counting.CountingMiddleware", *MIDDLEWARE]
# Names with hashes as in production; whitenoise's compression at collecting time takes long and serves no page here.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
