"""Settings of the one code path: demonstration, tests and production differ by environment only.

`COMC_MODE` is `production` unless said otherwise, so that forgetting it fails safe. `comc.embedded`
sets `demonstration` or `test` together with the addresses of the servers that it starts.
"""

import hashlib
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("COMC_MODE", "production")
if MODE not in {"production", "demonstration", "test"}:
    raise ImproperlyConfigured("COMC_MODE must be production, demonstration or test.")
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"
TESTING = MODE == "test"


def required(name: str) -> str:
    """The variable's value; in production a missing one stops the start by its name."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


if PRODUCTION and env.bool("COMC_ONE_CLICK_SIGN_IN", False):
    raise ImproperlyConfigured("COMC_ONE_CLICK_SIGN_IN exists in demonstration mode only. Unset it.")

SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Encrypts special-category text; a list, so that a key can be rotated: the first encrypts, all decrypt.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [required("FIELD_KEYS")]
# The canonical address: links in mail are built from it, never from a request's Host header.
BASE_URL = required("BASE_URL").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [required("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DEBUG = False
# A name per copy: browsers do not tell ports apart when they keep cookies.
COPY = hashlib.sha256(f"{BASE_DIR}{BASE_URL}".encode()).hexdigest()[:8]

INSTALLED_APPS = [
    "staff.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "portal",
    "staff.apps.StaffConfig",
    "surveys",
    "circles",
    "participants",
    "organisations",
    "cohorts",
    "content",
    "outbox",
    "privacy",
    "accounts",
    "ui",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "privacy.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.PrivateResponseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "comc.urls"
WSGI_APPLICATION = "comc.wsgi.application"
ASGI_APPLICATION = "comc.asgi.application"

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
                "portal.context_processors.site",
            ],
            "builtins": ["ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "ui.renderers.Renderer"  # Django’s templates, its small controls without them

DATABASES = {"default": environ.Env.db_url_config(required("DATABASE_URL"))}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if TESTING:
    # Several copies of the suite may share one server; each names its own database.
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE", "test_comc")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL")
if TESTING:
    # Tests run in parallel: each process has a numbered database of its own on the one server.
    REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{10 + int(env.str('PYTEST_XDIST_WORKER', 'gw0')[2:])}"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "comc",
    }
}

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# The address is unique by a constraint on its lower case, which the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "accounts.backends.SignInBackend",
    "cohorts.backends.StaffRoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.validators.ContextWordValidator"},
]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:public_home"
ACCOUNT_ADAPTER = "outbox.adapters.AccountAdapter"
MFA_ADAPTER = "outbox.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # the address is proven by the invitation or the code
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mentoring circles"
# Phones are not always on time: the code of the half minute before is taken too, and each only once.
MFA_TOTP_TOLERANCE = 1
# A wrong IP would let one visitor spend another's attempts: trust no forwarding header unless told how many proxies.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# Demonstration and tests sign in with one click; production has no such view at all.
ONE_CLICK_SIGN_IN = not PRODUCTION
SECOND_FACTOR_REQUIRED = PRODUCTION or env.bool("COMC_SECOND_FACTOR", False)
CLOCK_MAY_MOVE = not PRODUCTION
MAIL_SINK_DIR = env.str("COMC_MAIL_DIR", "") if not PRODUCTION else ""

# --- mail -------------------------------------------------------------------------------------
vars().update(environ.Env.email_url_config(required("EMAIL_URL")))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Mentoring programme <programme@comc.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_REPLY_TO = env.str("MAIL_REPLY_TO", "programme@comc.example")
# The domains of the programme itself: a cohort's own reply address must be at one of them.
MAIL_REPLY_DOMAINS = env.list("MAIL_REPLY_DOMAINS", default=[MAIL_REPLY_TO.rpartition("@")[2]])
# Mail that can wait leaves in working hours; in demonstration at any hour, so that one sees it (reminders wait there).
QUIET_HOURS = PRODUCTION or env.bool("COMC_QUIET_HOURS", False)
MAIL_DOMAIN = env.str("MAIL_DOMAIN", "comc.example")
# Where answers from calendars come in, by whose webhook, and the “user:password” that it sends. Blank: none do.
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", "")
INBOUND_SERVICE = env.str("INBOUND_SERVICE", "")
# Whose webhook tells of mail that came back or was called unwanted, with the same secret. Blank: none does.
TRACKING_SERVICE = env.str("TRACKING_SERVICE", "")
ANYMAIL = {"WEBHOOK_SECRET": required("MAIL_WEBHOOK_SECRET") if INBOUND_SERVICE or TRACKING_SERVICE else ""}
# A worker that is killed loses its claims with its session. One whose session lives on, but has said nothing for so
# many seconds while it has mail in hand, has its session ended. More than a slow server needs.
MAIL_STUCK_AFTER = env.int("MAIL_STUCK_AFTER", 600)
# How many messages that can wait may leave in a minute, from all workers together; 0: as many as they can send.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 0)
# Seconds to wait after each temporary failure, one after the other. Shorter waits are for rehearsals (`make soak`).
MAIL_BACK_OFF = env.list("MAIL_BACK_OFF", cast=int, default=[60, 300, 900, 3600, 14_400, 43_200])

# --- background work --------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "comc:", "visibility_timeout": 3600}
CELERY_TIMEZONE = "Europe/London"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
TICK_SECONDS = env.int("TICK_SECONDS", 30 if PRODUCTION else 5)
CELERY_BEAT_SCHEDULE = {
    # Each tick asks the database what is due, so a lost or doubled tick changes nothing.
    "deliver": {"task": "outbox.deliver", "schedule": TICK_SECONDS},
    "reminders": {"task": "circles.queue_reminders", "schedule": TICK_SECONDS * 2},
    "survey-reminders": {"task": "surveys.queue_reminders", "schedule": TICK_SECONDS * 2},
    "staff-digests": {"task": "staff.queue_digests", "schedule": TICK_SECONDS * 4},
    "missed-reminders": {"task": "staff.log_missed_reminders", "schedule": TICK_SECONDS * 100},
    "nomination-expiry": {"task": "participants.expire_nominations", "schedule": TICK_SECONDS * 4},
    "message-erasure": {"task": "outbox.forget_old", "schedule": TICK_SECONDS * 20},
    "calendar-reply-erasure": {"task": "circles.forget_old_replies", "schedule": TICK_SECONDS * 20},
    "confidence-erasure": {"task": "circles.forget_old", "schedule": TICK_SECONDS * 20},
    "survey-retention": {"task": "surveys.forget_old", "schedule": TICK_SECONDS * 20},
    "interest-erasure": {"task": "organisations.erase_old", "schedule": TICK_SECONDS * 20},
    "desk-erasure": {"task": "staff.forget_old", "schedule": TICK_SECONDS * 20},
    "trail-seal": {"task": "privacy.seal_trail", "schedule": TICK_SECONDS * 60},
    "cohort-and-account-erasure": {"task": "privacy.forget_old", "schedule": TICK_SECONDS * 20},
}

# --- words, time and looks --------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = "comc.formats"
USE_I18N = True
USE_TZ = True
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
# Names wear their programme in public: the word on every page's title and mail footer.
SERVICE_NAME = env.str("SERVICE_NAME", "Mentoring Circles")
# Whether search engines may show the public pages. No demonstration is found; say false on a staging copy.
FINDABLE = PRODUCTION and env.bool("FINDABLE", True)

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what is asked for at the root of the site: favicon.ico
WHITENOISE_USE_FINDERS = not PRODUCTION
# A file is looked for when it is asked for: looking for all of them beforehand is for a server, not each test’s client.
WHITENOISE_AUTOREFRESH = TESTING

# --- safety -----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("TRUSTED_PROXY_COUNT", 0) else None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else f"session_{COPY}"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else f"csrf_{COPY}"
CSRF_FAILURE_VIEW = "portal.views.errors.form_expired"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "comc.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "stream": sys.stderr}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"comc": {"level": "INFO"}, "celery": {"level": "WARNING"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
