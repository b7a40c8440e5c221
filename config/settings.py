"""Every setting of the system. What changes between installations comes from the environment.

``.env.example`` documents each variable. A missing or wrong one stops the start with its name; what an
organisation's own people change (limits, texts, units) lives in the admin instead.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.environment import (
    BASE_DIR,
    choice,
    encryption_at_rest,
    env,
    is_loopback,
    number,
    path_segment,
    public_url,
    required,
    secret,
    socket_url,
    url,
)

if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# --- Where this installation stands ---------------------------------------------------------------

_public = public_url()
PUBLIC_URL = f"{_public.scheme}://{_public.netloc}"
PUBLIC_HOST = _public.hostname
# Plain http on this machine: a local run. This alone relaxes cookies and allows the file:// gateway.
LOCAL = _public.scheme == "http" and is_loopback(_public.hostname)

SECRET_KEY = secret("SECRET_KEY", at_least=50)
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBUG may only be on where PUBLIC_URL is plain http on this machine.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [PUBLIC_HOST]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts; * would accept forged ones.")
if PUBLIC_HOST not in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the host of PUBLIC_URL too, or leave it empty.")
ADMIN_PATH = path_segment("ADMIN_PATH", default="admin/")
TRUSTED_PROXY_HOPS = number("TRUSTED_PROXY_HOPS", default=0, low=0, high=5)
STAFF_SECOND_FACTOR = choice("STAFF_SECOND_FACTOR", ("required", "optional"), default="required")
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "home",
    "servicedesk",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "captcha",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    # For its catalogue: Wagtail says «3 minutes ago» with it.
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # What writes headers stands outermost, so that static files, redirects and errors carry them too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.headers.BrowserPolicies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "servicedesk.middleware.SeeOtherAfterPost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of what sets the session's cookie, inside of WhiteNoise, which compresses by itself.
    "config.compression.CompressedPages",
    "config.page_cache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "servicedesk.middleware.SessionEnds",
    "servicedesk.staff.second_factor.gate.SecondFactorGate",
    "servicedesk.staff.frame.DeskFrame",
    "servicedesk.middleware.NoNul",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.csp",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.context.desk",
                "home.context.site",
            ],
        },
    },
]

# --- Database, cache, broker, files ----------------------------------------------------------------

_database = url("DATABASE_URL", ("postgres", "postgresql"))
_pool_size = number("DATABASE_POOL_SIZE", default=8, low=0, high=200)
# reconnect_timeout: without it the pool's pauses between two tries double as long as the database is away, and it is
# found again only when the last of them is over.
_pool = {"min_size": 0, "max_size": _pool_size, "timeout": 5, "reconnect_timeout": 4}
DATABASES = {
    "default": {
        **env.db_url_config(_database.geturl()),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        # The pool looks at a connection before it hands it out: after a restart of PostgreSQL its old ones are dead.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            **({"pool": _pool} if _pool_size else {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = url("REDIS_URL", ("redis", "rediss")).geturl()
CACHES = {
    "default": {
        # Valkey may vanish at any moment; a cache that is away is an empty cache.
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "desk",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "messages"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # kombu 5.7: without the three values below a killed worker's tasks wait for up to an hour.
    "visibility_timeout": 120,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
    "health_check_interval": 10,
    "retry_on_timeout": False,
    # A request that finds the broker away goes on at once, instead of after kombu's first pause of two seconds.
    "max_retries": 0,
}

S3_ENDPOINT_URL = url("S3_ENDPOINT_URL", ("https", "http")).geturl()
_s3 = {
    "endpoint_url": S3_ENDPOINT_URL,
    "bucket_name": required("S3_BUCKET"),
    "region_name": env.str("S3_REGION", default="us-east-1"),
    "access_key": required("S3_ACCESS_KEY_ID"),
    "secret_key": secret("S3_SECRET_ACCESS_KEY", at_least=8),
    "default_acl": None,
    "querystring_expire": 60,
}
S3_SERVER_SIDE_ENCRYPTION = encryption_at_rest("S3_SERVER_SIDE_ENCRYPTION")
_s3["object_parameters"] = S3_SERVER_SIDE_ENCRYPTION
# Empty: no scanner; files are released after the inspection and marked as not scanned.
CLAMD_URL = socket_url("CLAMD_URL")
STORAGES = {
    # Editors' pictures and documents; shown through our own address, never by the store's.
    "default": {"BACKEND": "config.storage.MediaStorage", "OPTIONS": {**_s3, "location": "media"}},
    # Citizens' and staff's letter files; only servicedesk.uploads and the file view touch it.
    "letters": {
        "BACKEND": "servicedesk.uploads.store.LetterStorage",
        "OPTIONS": {**_s3, "location": "letters"},
    },
    "staticfiles": {"BACKEND": "config.static_files.LeanStaticFiles"},
}
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
# The files of a form's step, and text. An editor's page with two hundred questions is some four thousand fields and one
# megabyte. What nginx lets through is bounded there too.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Seals the archives of `manage.py backup`; without it they are written as they are, with a warning.
BACKUP_KEY = secret("BACKUP_KEY", at_least=32) if env.str("BACKUP_KEY", default="") else ""

# --- Messages to people ------------------------------------------------------------------------------

SMS_GATEWAYS = [item for item in required("SMS_GATEWAYS").split(",") if item.strip()]
SMS_CALLBACK_SECRET = secret("SMS_CALLBACK_SECRET", at_least=24)
if not SMS_CALLBACK_SECRET.replace("-", "").replace("_", "").isalnum():
    raise ImproperlyConfigured("SMS_CALLBACK_SECRET may hold letters, digits, - and _ only: it is part of an address.")
# Without mail a password could not be reset; printed into a log, the link would be anybody's who reads it.
_mail = url(
    "EMAIL_URL",
    ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail"),
    default="consolemail://" if LOCAL else None,
)
_email = env.email_url_config(_mail.geturl())
_server = {"BACKEND": _email["EMAIL_BACKEND"]}
if _email["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
    _server["OPTIONS"] = {
        "host": _email["EMAIL_HOST"],
        "port": _email["EMAIL_PORT"] or 25,
        "username": _email["EMAIL_HOST_USER"] or "",
        "password": _email["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": _email.get("EMAIL_USE_TLS", False),
        "use_ssl": _email.get("EMAIL_USE_SSL", False),
        "timeout": 5,
    }
# What Wagtail mails, it mails by "default" and inside a request: that goes into the outbox. Only the outbox talks
# to the server.
MAILERS = {"default": {"BACKEND": "servicedesk.owed_mail.OwedMail"}, "server": _server}
# Whoever may approve is told; superusers are not told of each page besides.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
DEFAULT_FROM_EMAIL = f"noreply@{PUBLIC_HOST}"

# --- People ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "servicedesk.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "servicedesk.backends.CitizenBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3600
OTP_TOTP_ISSUER = PUBLIC_HOST
LOGIN_URL = "desk:sign-in"

# Not in a cookie of their own: they may name a letter, and the privacy page promises three cookies.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "session" if LOCAL else "__Host-session"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- Transport and headers -----------------------------------------------------------------------------

SECURE_SSL_REDIRECT = not LOCAL
# systemd and the proxy ask these over plain http from this machine.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "worker-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# What Wagtail's editor needs on top: inline scripts and styles (draft-js, the date pickers, inline panels and the
# listings' sorting write them), and frames of its own preview. Tried: eval is needed by no screen of Wagtail 8.0.
ADMIN_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}

# Staff pages with citizens' words in them, and where passwords are typed: inside the admin, as strict as the site.
STAFF_CSP = {**ADMIN_CSP, "default-src": [CSP.NONE], "script-src": [CSP.SELF], "style-src": [CSP.SELF]}
# Nothing here asks for a sensor; telephones may fill in the code of an SMS by themselves.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), otp-credentials=(self)"

# --- Languages and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", _("Persian")), ("en", _("English"))]
# Our own texts, then those of the admin that Wagtail's Persian lacks (docs/admin.md).
LOCALE_PATHS = [BASE_DIR / "site" / "locale", BASE_DIR / "site" / "locale_wagtail"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Tehran"
# Persian digits are put in by our own filters; a thousands separator inside a code would spoil it.
USE_THOUSAND_SEPARATOR = False

# --- Wagtail -----------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = _("Service desk")
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_USER_LOGIN_FORM = "servicedesk.staff.sign_in.SignInForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "servicedesk.staff.password_reset.ResetForm"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_FRONTEND_LOGIN_URL = "/desk/sign-in/"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# nginx takes 14 MB. No SVG: it may hold scripts; no GIF, whose animations nobody can stop. A picture is opened as a
# whole to make its sizes, so its area is bounded: 40 million points are 120 MB, and more than telephones take.
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.picture_form.PictureForm"
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_JPEG_QUALITY = 60, 78, 80
# Admin pages must not call outside.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILEMBEDS_FINDERS = []
WAGTAIL_USER_TIME_ZONES = ["Asia/Tehran"]

# --- The security code ---------------------------------------------------------------------------------------

# Nothing of ours heeds it; servicedesk/apps.py stops the start of an installation that has it on.
CAPTCHA_TEST_MODE = env.bool("CAPTCHA_TEST_MODE", default=False)
CAPTCHA_CHALLENGE_FUNCT = "servicedesk.security_code.challenge"
CAPTCHA_LENGTH = 5
CAPTCHA_TIMEOUT = 5
# Drawn at twice the size it is shown at, for sharp phones: the font's size is doubled by the library.
CAPTCHA_IMAGE_SIZE = (300, 112)
CAPTCHA_FONT_SIZE = 34
CAPTCHA_NOISE_FUNCTIONS = ["servicedesk.security_code.strokes"]
CAPTCHA_LETTER_ROTATION = (-18, 18)
CAPTCHA_FOREGROUND_COLOR = "#12395b"
CAPTCHA_BACKGROUND_COLOR = "#ffffff"

# --- Logs -----------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # Two lines for each saved page, about nothing.
        "django_tasks": {"level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
        # A Host header somebody forged is no news for the operator. Without any handler Python would print it itself.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
