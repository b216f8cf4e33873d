"""Settings of every process: web, worker, beat and management commands.

Owns: which apps run, how they are wired, and what the environment may change.
Refuses to know: anything about lending; business parameters live in policies and products.
"""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from config.database import data_directory, database_role, database_settings

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = env.bool("LOANBOOK_DEBUG", default=False)
DEVELOPMENT_KEY = "development-only-key-set-LOANBOOK_SECRET_KEY-in-production"
SECRET_KEY = env.str("LOANBOOK_SECRET_KEY", default=DEVELOPMENT_KEY)
if env.bool("LOANBOOK_HTTPS", default=False) and SECRET_KEY == DEVELOPMENT_KEY:
    raise ImproperlyConfigured("A server that is reached over HTTPS needs a LOANBOOK_SECRET_KEY of its own.")
ALLOWED_HOSTS = env.list("LOANBOOK_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LOANBOOK_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "axes",
    "django_celery_beat",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.apps.PlatformConfig",
    "ledger",
    "lending",
    "collection",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": database_settings(
        os.environ, data_dir=data_directory(os.environ), role=database_role(os.environ)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
ACCOUNT_EMAIL_VERIFICATION = "none"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
LOANBOOK_BUSINESS_ZONE = env.str("LOANBOOK_BUSINESS_ZONE", default="Asia/Shanghai")
# The name under which the lender signs its documents.
LOANBOOK_LENDER = env.str("LOANBOOK_LENDER", default="The lender")

STATIC_URL = "static/"
# Files are served straight from the packages; a directory is needed only where another server serves them.
STATIC_ROOT = env.str("LOANBOOK_STATIC_ROOT", default=None)
WHITENOISE_USE_FINDERS = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
LOANBOOK_ORDER_FILE_BYTES_MAX = env.int("LOANBOOK_ORDER_FILE_BYTES_MAX", default=200_000_000)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api.authentication.BearerAuthentication",
        "config.api.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.permissions.DeniedByDefault"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.api.pagination.Pages",
    "EXCEPTION_HANDLER": "config.api.problems.problem_details",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Loanbook API",
    "DESCRIPTION": "Revolving credit for online sellers: apply, draw, repay, and read the books.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
}

# Statements that come often are planned once per connection; off behind a pooler that shares sessions.
LOANBOOK_KEEP_PLANS = env.bool("LOANBOOK_KEEP_PLANS", default=True)

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")
# Books that share a broker each have a queue of their own.
LOANBOOK_QUEUE = env.str("LOANBOOK_QUEUE", default="loanbook")

# What a command does after its commit, besides nothing: tell a worker that there is work.
# "celery" sends a task; "none" leaves it to the sweep or to whoever runs things in process.
LOANBOOK_NUDGE = env.str("LOANBOOK_NUDGE", default="celery")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOANBOOK_LOG_LEVEL", default="INFO")},
}

if not DEBUG:
    SECURE_CONTENT_TYPE_NOSNIFF = True
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = env.bool("LOANBOOK_HTTPS", default=False)
    CSRF_COOKIE_SECURE = env.bool("LOANBOOK_HTTPS", default=False)

UNFOLD = {
    "SITE_TITLE": "Loanbook",
    "SITE_HEADER": "Loanbook",
    "SITE_SYMBOL": "account_balance",
    "SITE_URL": None,
    "SHOW_HISTORY": False,  # the history of a record is its events
    "SHOW_BACK_BUTTON": True,
    "STYLES": ["config.admin.navigation.stylesheet"],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.admin.navigation.icon"}],
    "DASHBOARD_CALLBACK": "config.admin.dashboard.add_dashboard",
    "SIDEBAR": {"navigation": "config.admin.navigation.navigation"},
}
