"""Django's settings, from the environment alone."""

from __future__ import annotations

from handfast_server.accounts import sign_in
from handfast_server.config import mail_settings, read
from handfast_server.observe.log import logging_settings
from handfast_server.protection import protection_settings

CONFIG = read()

BASE_URL = CONFIG.base_url
HOME = CONFIG.home
CLOCK_SHIFT = CONFIG.clock_shift
METRICS_TOKEN = CONFIG.metrics_token
PROXIES = CONFIG.proxies
DEMO = CONFIG.demo
BESIDE = CONFIG.beside
DEMO_PAUSE = CONFIG.demo_pause
DEMO_LEADS = CONFIG.demo_leads
MAIL_URL = CONFIG.mail_url
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail_from
WEBHOOKS_TO_PRIVATE = CONFIG.webhooks_to_private
locals().update(mail_settings(CONFIG.mail_url))
LOGGING = logging_settings(CONFIG.log_level, CONFIG.log_format)
SECRET_KEY = CONFIG.secret_key
SECRET_KEY_FALLBACKS = list(CONFIG.old_keys)
DEBUG = CONFIG.debug
ALLOWED_HOSTS = list(CONFIG.hosts)
DATABASES = {"default": dict(CONFIG.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "handfast_server.urls"
WSGI_APPLICATION = "handfast_server.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "handfast_server.accounts",
    "handfast_server.api",
    "handfast_server.audit",
    "handfast_server.contracts",
    "handfast_server.delivery",
    "handfast_server.facts",
    "handfast_server.handoffs",
    "handfast_server.intake",
    "handfast_server.invariants",
    "handfast_server.leads",
    "handfast_server.observe",
    "handfast_server.pages",
    "handfast_server.rosters",
    "handfast_server.scoreboard",
    "handfast_server.worker",
    *sign_in.APPS,
]

MIDDLEWARE = [
    "handfast_server.observe.request.RequestIds",
    "handfast_server.unkept.Unkept",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "handfast_server.api.shape.OneShape",
    "handfast_server.pages.files.Smaller",
    "handfast_server.pages.files.Files",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "handfast_server.pages.through.Through",
    "handfast_server.pages.reader.Reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    *sign_in.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "handfast_server.pages.wrong.Closed",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "handfast_server.pages.context.page",
            ]
        },
    }
]

SESSION_ENGINE = "handfast_server.accounts.session_rows"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: in no cookie
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # a batch of 5,000 items; whoever is not signed in may send far less
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "handfast_server.pages.files.HashedNames"},
}
WHITENOISE_USE_FINDERS = True  # files are served from the packages: there is nothing to collect

globals().update(sign_in.sign_in_settings(CONFIG))
globals().update(protection_settings(CONFIG))
if BESIDE:  # at one address with an installation: each has cookies of its own
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "demo-sessionid", "demo-csrftoken"
