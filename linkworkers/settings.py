"""Settings: one file, everything that differs between two installations comes from the environment.

A value without a safe default is required: Django refuses to start without it and names it. `make run` and
`make test` supply all of them (see `linkworkers/embedded.py`); `docs/operations.md` lists them for an installation.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from linkworkers.office import UNFOLD  # noqa: F401
from linkworkers.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_MODULES = BASE_DIR / "node_modules"

env = environ.Env()

# --- What an installation has to say -----------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY")
DATABASES = {"default": env.db("DATABASE_URL")}
REDIS_URL = env.str("REDIS_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL").rstrip("/")  # mails sent by the worker have no request to build links from
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")

# --- What has a safe default -------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The demo's made-up accounts (@demo.test) log in without a second factor. Nobody else ever does.
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=True)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds
# The ground of maps, as https://tiles.example.org/{z}/{x}/{y}.png. Without it maps draw their own and ask nobody.
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="")
MAP_TILES_HOSTS = [f"https://{urlsplit(MAP_TILES_URL).netloc.replace('{s}', '*')}"] if MAP_TILES_URL else []
# Card payments: both or none. The second is what Stripe signs its messages to us with.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API = env.str("STRIPE_API", default="https://api.stripe.com")
if bool(STRIPE_SECRET_KEY) != bool(STRIPE_WEBHOOK_SECRET):
    missing = "STRIPE_WEBHOOK_SECRET" if STRIPE_SECRET_KEY else "STRIPE_SECRET_KEY"
    raise ImproperlyConfigured(f"Set {missing} too, or neither: card payments need both.")
CARD_HOSTS = ["https://checkout.stripe.com"] if STRIPE_SECRET_KEY else []
DUMPS_DIR = env.str("DUMPS_DIR", default=str(BASE_DIR / "var" / "dumps"))  # web and workers share it

# --- The house ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "members",
    "directory",
    "referrals",
    "volunteers",
    "events",
    "linkworkers.audit",
    "linkworkers.outbox",
    "linkworkers",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "import_export",
    "pghistory",
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linkworkers.middleware.ContentSecurityPolicy",
    "linkworkers.middleware.OpenData",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linkworkers.middleware.PrivatePages",
    "members.middleware.SecondFactor",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "linkworkers.urls"
WSGI_APPLICATION = "linkworkers.wsgi.application"

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
                "csp.context_processors.nonce",
                "linkworkers.views.navigation",
                "volunteers.tabs.volunteer_tabs",
                "volunteers.slots.bookable_workplaces",
            ],
            "builtins": ["linkworkers.templatetags"],
        },
    }
]

# --- Postgres ----------------------------------------------------------------------------------------------------

DATABASES["default"].update(
    {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,  # a restarted Postgres costs a reconnection, not an error page
    }
)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counts for rate limits live in Postgres: a log-in has to work while Valkey is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # culled when full, and the limits with it
    }
}

PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- Language and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["linkworkers.formats"]

# --- People ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address is not written to
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a session left open does not change the address or the second factor
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_USER_DISPLAY = "members.adapters.display_name"
# A whole surgery sits behind one address, so limits by address are wide and limits by account are narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "reauthenticate": "10/m/user",
    # What a listing's page lets anybody ask for; the key is the listing and where it was asked from.
    "listing_suggest": "60/h/ip,5/h/key",
    "listing_claim": "30/h/ip,5/h/key",
    "listing_link": "30/h/ip,5/h/key",
    "card": "30/m/ip,6/m/key",  # pages at the card company, asked for one invoice
    # Jobs and roles that somebody without an account posts; the key is their mail address and where they are.
    "vacancy_new": "30/h/ip,5/h/key",
    "certificate_check": "120/h/ip",  # codes are long, and nobody has many to check
    "counter": "600/m/ip,60/m/key",  # batches of a connector's counter
    "join": "60/h/ip,5/h/key",  # links to join; the key is the address and where it was asked from
    "verify": "120/m/ip",  # checks of a membership's number
    "member_letter": "20/h/user",
    "volunteer_apply": "60/h/ip,5/h/key",  # applications; the key is the mail address and where they are
    "volunteer_reference": "60/h/ip",
    "event_book": "300/h/ip",  # a health service may be one address, and all of it books when a sale opens
    "event_hand_on": "60/h/ip,5/h/key",  # each mails an address that was typed; the key is the ticket
    "event_reflection": "120/h/ip,20/h/key",
    "event_ticket_pdf": "120/m/ip,20/m/key",
    "your_data": "5/d/user",  # downloads of everything about oneself
    # Contributions offered to an event by anybody; the key is their mail address, or what they change.
    "contribution": "60/h/ip,10/h/key",
    "contribution_change": "120/h/ip,30/h/key",
    "calendar_feed": "600/m/ip",  # programs read it, some of them for many people
    "event_speaker": "120/h/ip,30/h/key",
    "event_print": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# What apps above `members` forget of somebody who leaves: erase(user), called within `members.actions.leaving.leave`.
PERSON_ERASERS = [
    "directory.actions.collections.erase",
    "events.actions.contributions.erase",
    "events.actions.reflections.erase",
    "events.actions.retention.erase",
    "events.actions.speakers.erase",
    "volunteers.actions.expenses.erase",
    "volunteers.actions.feeds.erase",
    "volunteers.actions.retention.erase",
]
# Site maps of apps that `directory`, which serves them, does not know: dictionaries of django.contrib.sitemaps.
MORE_SITEMAPS = ["events.sitemaps.SITEMAPS"]

MFA_ADAPTER = "members.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up unasked, so an unverified address is a change that waits for its link, not a stranger's.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Link Workers"
# The code before the one shown now, and the one after, count too: it changes while it is typed, and telephones' clocks
# differ (RFC 6238, 5.2). The forms see to it that none counts twice in that longer time.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "members.forms.accounts.SecondFactorForm",
    "reauthenticate": "members.forms.accounts.SecondFactorAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- Sessions, cookies, transport --------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a long working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "linkworkers.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MAP_TILES_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *CARD_HOSTS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Static files ------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/jsqr", NODE_MODULES / "jsqr" / "dist"),
    ("vendor/leaflet", NODE_MODULES / "leaflet" / "dist"),
    (
        "vendor/font",
        NODE_MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next",
    ),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Forms -------------------------------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Celery ------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
# A request never waits for a broker that is away: the outbox row is saved, and the sweep delivers it later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_connect_timeout": 1,  # seconds
    "socket_timeout": 1.5,  # seconds
    "visibility_timeout": 3600,  # seconds
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 900  # seconds
CELERY_TASK_SOFT_TIME_LIMIT = 840  # seconds
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "celerybeat-schedule")

# --- Logs: no log line carries what a person typed -----------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "linkworkers.logs.Discreet",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fontTools": {"handlers": [], "propagate": False},  # names every letter of a letter
        "fpdf": {"handlers": [], "propagate": False},
    },
}
