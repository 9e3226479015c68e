"""Django's settings for raxdash, all from the environment. docs/settings.md lists every variable."""

from pathlib import Path

from django.utils.csp import CSP

from raxdash import environment as env
from raxdash import servers
from raxdash.logs import formatting as logs

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.envchoice("ENVIRONMENT", ("local", "production"))
PRODUCTION = ENVIRONMENT == "production"
DATA_DIR = env.data_folder(BASE_DIR / "var")

SECRET_KEY = env.envsecret("SECRET_KEY", DATA_DIR, production=PRODUCTION)
ENCRYPTION_KEYS = env.encryption_keys(DATA_DIR, production=PRODUCTION)
DEBUG = False
ALLOWED_HOSTS = env.envlist("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
if PRODUCTION and not ALLOWED_HOSTS:
    env.stop("ALLOWED_HOSTS", "is not set: name the hosts that people type, such as raxdash.example.com")
PORT = env.envint("PORT", 8000, least=1, most=65535)
PUBLIC_URL = env.envaddress(
    "PUBLIC_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://127.0.0.1:{PORT}"
)

# A cookie of such a name is of this very host: no neighbour below the same domain can set or replace it.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""

# What we call

RAX_BASE_URL = env.envaddress("RAX_BASE_URL", "https://ai.raxcore.dev/api/v1")
# Upstream addresses that are not global are refused unless they stand here.
UPSTREAM_ALLOW = tuple(env.envlist("UPSTREAM_ALLOW"))
# All calls to providers go by this proxy, but for those to what stands in UPSTREAM_DIRECT.
UPSTREAM_PROXY = env.envproxy("UPSTREAM_PROXY")
UPSTREAM_DIRECT = tuple(env.envlist("UPSTREAM_DIRECT"))
# OpenSSL reads it too: authorities that are trusted beside those of the system.
SSL_CERT_FILE = env.envfile("SSL_CERT_FILE")
# Set by `make run` and `make demo`: where "Use the local simulator" points.
SIMULATOR_URL = env.envaddress("SIMULATOR_URL", "") if env.envtext("SIMULATOR_URL") else ""
POLL_INTERVAL_SECONDS = env.envint("POLL_INTERVAL_SECONDS", 300, least=10, most=86_400)
# How long a web process that is told to stop lets its live runs go on.
DRAIN_SECONDS = env.envint("DRAIN_SECONDS", 20 if PRODUCTION else 0, least=0, most=600)
# How long a run waits for the API, unless its key says otherwise
RUN_CONNECT_SECONDS = env.envint("RUN_CONNECT_SECONDS", 10, least=1, most=300)
RUN_FIRST_TOKEN_SECONDS = env.envint("RUN_FIRST_TOKEN_SECONDS", 600, least=1, most=86_400)
RUN_BETWEEN_TOKENS_SECONDS = env.envint("RUN_BETWEEN_TOKENS_SECONDS", 120, least=1, most=86_400)
RUN_WHOLE_SECONDS = env.envint("RUN_WHOLE_SECONDS", 1_800, least=1, most=86_400)
# Runs that may be live at once
LIVE_RUNS_PER_PERSON = env.envint("LIVE_RUNS_PER_PERSON", 8, least=1, most=1_000)
LIVE_RUNS_PER_TEAM = env.envint("LIVE_RUNS_PER_TEAM", 32, least=1, most=10_000)
LIVE_RUNS_PER_PROCESS = env.envint("LIVE_RUNS_PER_PROCESS", 200, least=1, most=10_000)
# What Prometheus sends to read /metrics; without one there is no such page.
METRICS_TOKEN = env.envtoken("METRICS_TOKEN")
# How often a team token may ask the API
API_REQUESTS_PER_MINUTE = env.envint("API_REQUESTS_PER_MINUTE", 300, least=1, most=1_000_000)
RAW_RETENTION_DAYS = env.envint("RAW_RETENTION_DAYS", 90, least=62, most=3_650)

# What is taken of a request. A message as long as the playground allows is at most 1.6 MB.
MAX_BODY_BYTES = env.envint("MAX_BODY_BYTES", 2_000_000, least=100_000, most=1_000_000_000)
MAX_IMPORT_BYTES = env.envint("MAX_IMPORT_BYTES", 20_000_000, least=100_000, most=1_000_000_000)
BODY_TIMEOUT_SECONDS = env.envint("BODY_TIMEOUT_SECONDS", 30, least=1, most=3_600)
# One bound, told in one way: Django would refuse in other words what it reads of a form.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

# The parts

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "common",
    "teams",
    "usage",
    "playground",
    "raxdash",
]
MIDDLEWARE = [
    "raxdash.logs.requests.RequestIdMiddleware",
    "raxdash.http.compression.compressed",
    "raxdash.http.privacy.private",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "raxdash.pages.middleware.sign_in_on_the_whole_page",
    "allauth.account.middleware.AccountMiddleware",
    "teams.sign_in.browsers.remember_browser",
]
ROOT_URLCONF = "raxdash.urls"
ASGI_APPLICATION = "raxdash.asgi.application"
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
                "raxdash.pages.context.site",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CSRF_FAILURE_VIEW = "raxdash.pages.errors.csrf_failure"

# Storage

DATABASES = {"default": servers.database(f"sqlite:///{DATA_DIR / 'raxdash.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = servers.redis_address()
CACHES = {
    "default": {
        "BACKEND": "raxdash.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    # Room for what a flood leaves behind: else it would push out the counts that slow it down.
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Accounts

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "teams.sign_in.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Who may create teams in the browser; the first start and `manage.py setup` always may.
TEAM_CREATION = env.envchoice("TEAM_CREATION", ("everyone", "owners", "nobody"))
# teams.sign_in.attempts counts instead: allauth's count for an account alone, so strangers could use them up.
# The client's address is the connection's: uvicorn sets it from trusted proxies only (FORWARDED_ALLOW_IPS).
ACCOUNT_RATE_LIMITS = False
BROWSER_COOKIE_NAME = f"{COOKIE_PREFIX}raxdash_browser"
MAILERS = {"default": servers.mailer(production=PRODUCTION)}
DEFAULT_FROM_EMAIL = env.envtext("EMAIL_FROM", "raxdash@localhost")

# Browser security

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    # static/common/trusted_types.js makes the first; the other is htmx' name for one of its own.
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["default", "htmx"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz(/worker)?$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# Both speak for hosts that are not ours: only when asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.envbool("HSTS_INCLUDE_SUBDOMAINS") and PRODUCTION
SECURE_HSTS_PRELOAD = env.envbool("HSTS_PRELOAD") and PRODUCTION
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    env.stop("HSTS_PRELOAD", "needs HSTS_INCLUDE_SUBDOMAINS: browsers preload whole domains only")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # that both should be set
SESSION_ENGINE = "teams.sign_in.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "raxdash.pages.notices.NoticeStorage"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []

# Language, time, files

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "raxdash.assets.storage.StaticStorage"},
}

LOG_FORMAT = env.envchoice("LOG_FORMAT", ("line", "json"))
LOGGING = logs.configuration(
    LOG_FORMAT,
    env.envchoice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
)
