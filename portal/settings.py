"""Every setting of the portal, read from the environment (12-factor); the README's table documents each variable."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_MODULES = BASE_DIR / "node_modules"

env = environ.Env()
# What the environment says goes before what the file says.
env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

# --- What kind of run this is ---------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# The demo's accounts have a printed password, so they may exist only where debugging is on.
DEMO = DEBUG and env.bool("DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="only-for-debugging" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random string; `make run` writes one to .env.")
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")

# --- Who runs it ----------------------------------------------------------------------------------------------------

PORTAL_NAME = env("PORTAL_NAME", default="Throughline")
FOUNDATION_NAME = env("FOUNDATION_NAME", default="The Example Foundation")
FOUNDATION_TIME_ZONE = env("FOUNDATION_TIME_ZONE", default="America/New_York")
# A colour like #12514d for buttons and links, and a file (svg or png) shown instead of the name; empty keeps our own.
ACCENT_COLOR = env("ACCENT_COLOR", default="")
LOGO_FILE = env("LOGO_FILE", default="")
SUPPORT_EMAIL = env("SUPPORT_EMAIL", default="help@throughline.example")

# The accounts a batch of payments is booked on in the journal for accounting: debited for grants, credited for cash.
JOURNAL_GRANTS_ACCOUNT = env("JOURNAL_GRANTS_ACCOUNT", default="2100")
JOURNAL_CASH_ACCOUNT = env("JOURNAL_CASH_ACCOUNT", default="1000")

# --- Apps -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "portal.activity",
    "portal.documents",
    "portal.mail",
    "portal.jobs",
    "portal.accounts",
    "sites",
    "grants",
    "reporting",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "template_partials",
]

MIDDLEWARE = [
    "portal.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.middleware.IsolationHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionTimeMiddleware",
    "portal.middleware.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.accounts.middleware.ReaderTimeZoneMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.NoStoreMiddleware",
    "portal.middleware.BusyDatabaseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
                "portal.navigation.navigation",
            ],
            "builtins": ["portal.templatetags.portal", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Database -------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue for the lock when they begin instead of failing when they upgrade; FULL survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
    # A file, as in production: the in-memory database of Django's tests has other locks and no WAL.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A transaction is opened by the domain function that needs one, never held while a page renders.
DATABASES["default"]["ATOMIC_REQUESTS"] = False

# --- Redis: broker, cache, rate limits ------------------------------------------------------------------------------

REDIS_URL = env("REDIS_URL", default=f"unix://{VAR_DIR / 'valkey.sock'}?db=0")
_REDIS_TIMEOUTS = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4}
CACHES = {
    "default": {
        "BACKEND": "portal.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env("REDIS_PREFIX", default="throughline"),
        "OPTIONS": _REDIS_TIMEOUTS,
    }
}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **_REDIS_TIMEOUTS,
    "visibility_timeout": 120,
    "global_keyprefix": env("REDIS_PREFIX", default="throughline") + ":",
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 0.4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 150
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A sweep nobody took before the next one is due is worth nothing: they must not pile up while workers are away.
    "jobs-sweep": {"task": "portal.jobs.tasks.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
    "mail-sweep": {"task": "portal.mail.tasks.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
    "deadline-reminders": {"task": "grants.tasks.remind_teams", "schedule": 120.0, "options": {"expires": 120.0}},
    "sections-count": {"task": "grants.tasks.count_again", "schedule": 60.0, "options": {"expires": 60.0}},
    "documents-sweep": {"task": "portal.documents.tasks.sweep", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "sign-off-reminders": {"task": "grants.tasks.remind_signatories", "schedule": 600.0, "options": {"expires": 600.0}},
    "review-reminders": {"task": "grants.tasks.remind_of_reviews", "schedule": 1800.0, "options": {"expires": 1800.0}},
    "strays-sweep": {
        "task": "portal.documents.tasks.sweep_strays",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "closing-notes": {"task": "grants.tasks.tell_of_closing", "schedule": 900.0, "options": {"expires": 900.0}},
    "call-files": {"task": "grants.tasks.refresh_call_files", "schedule": 60.0, "options": {"expires": 60.0}},
}

# --- Accounts -------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backend.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "portal.accounts.sign_in_forms.LoginForm",
    "signup": "portal.accounts.sign_in_forms.SignupForm",
    "reset_password": "portal.accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.sign_in_forms.ResetPasswordKeyForm",
    "change_password": "portal.accounts.sign_in_forms.ChangePasswordForm",
    "add_email": "portal.accounts.sign_in_forms.AddEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail whenever something about signing in changes
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# A school district behind one address must be able to sign in on deadline day, so the per-address limits are wide
# and the per-account ones narrow; both count in Redis, across processes.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/300s/key",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
}
# Passkeys cannot be guessed; the library's ten a minute would shut out an office behind one address.
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PORTAL_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = False
# Staff and reviewers must have a second factor, except in the demo, where it is offered.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEBUG)

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
# There is one language. Without this every address and every number on a page asks which one it is.
USE_I18N = False
TIME_ZONE = FOUNDATION_TIME_ZONE
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("fonts/inter", NODE_MODULES / "@fontsource-variable" / "inter"),
    ("fonts/source-serif", NODE_MODULES / "@fontsource-variable" / "source-serif-4"),
]
MEDIA_ROOT = VAR_DIR / "media"
STORAGE_URL = env("STORAGE_URL", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": env("STORAGE_BUCKET"),
                "endpoint_url": STORAGE_URL,
                "access_key": env("STORAGE_ACCESS_KEY"),
                "secret_key": env("STORAGE_SECRET_KEY"),
                "default_acl": "private",
                "file_overwrite": False,
                "querystring_auth": True,
            },
        }
        if STORAGE_URL
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_HANDLERS = [
    "portal.documents.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
UPLOAD_QUOTA_BYTES = env.int("UPLOAD_QUOTA_BYTES", default=200 * 1024 * 1024)
# host:port of a ClamAV daemon; while it is set, files are refused when it does not answer.
CLAMAV_ADDRESS = env("CLAMAV_ADDRESS", default="")

# --- Mail -----------------------------------------------------------------------------------------------------------

# Every message is a row first. Without EMAIL_URL it stays in the portal's own mail log and goes nowhere.
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"{PORTAL_NAME} <{SUPPORT_EMAIL}>")

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data: pictures inside its style sheet
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
        "midi", "payment", "usb",
    )
} | {"publickey-credentials-create": "self", "publickey-credentials-get": "self"}  # fmt: skip
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sessions end when nothing was done for so many minutes, and after so many hours whatever was done: sooner for everybody
# with a foundation role. What these times rest on stands in docs/operations.md.
SESSION_IDLE_MINUTES_STAFF = env.int("SESSION_IDLE_MINUTES_STAFF", default=60)
SESSION_HOURS_STAFF = env.int("SESSION_HOURS_STAFF", default=12)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=24 * 60)
SESSION_HOURS = env.int("SESSION_HOURS", default=14 * 24)
SESSION_COOKIE_AGE = max(SESSION_HOURS_STAFF, SESSION_HOURS) * 3600
ACTIVITY_COOKIE_NAME = "active"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
if SECURE:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    ACTIVITY_COOKIE_NAME = "__Host-active"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# --- Logging --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
