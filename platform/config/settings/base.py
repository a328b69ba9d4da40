"""What kind of deployment this is, its names, languages and time."""

from pathlib import Path

import django_stubs_ext

from config import env

django_stubs_ext.monkeypatch()  # ModelForm[Student] is a type for mypy and must be a class at run time

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = env.choice("ENVIRONMENT", ("development", "test", "demo", "production"), "development")
PRODUCTION = ENVIRONMENT == "production"
VAR = Path(env.text("VAR", str(ROOT / "var")))

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "not-a-secret-outside-production-0123456789abcdef")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise env.WrongEnvironment("SECRET_KEY", "must have 50 characters or more")

PLATFORM_NAME = env.text("PLATFORM_NAME", "Shule")
PLATFORM_DOMAIN = env.text("PLATFORM_DOMAIN", None if PRODUCTION else "shule.localhost")
PLATFORM_CONTACT = env.text("PLATFORM_CONTACT", f"hello@{PLATFORM_DOMAIN}")  # where schools ask for one of their own
PORT = env.number("PORT", 8000)
SCHEME = "https" if PRODUCTION else "http"
PORT_SUFFIX = "" if PRODUCTION else f":{PORT}"
PUBLIC_URL = f"{SCHEME}://{PLATFORM_DOMAIN}{PORT_SUFFIX}"

ALLOWED_HOSTS = ["*"]  # tenants.middleware answers 404 to every host that is neither public nor a school's
ROOT_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
USE_TZ = True
TIME_ZONE = "Africa/Nairobi"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sw", "Kiswahili")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = 12 * 1024 * 1024

EMAIL_URL = env.url("EMAIL_URL", ("file", "smtp", "smtps"), None if PRODUCTION else f"file://{VAR / 'mail'}")
SMS_URL = env.url("SMS_URL", ("http", "https"), "https://api.africastalking.com")
DEFAULT_FROM_EMAIL = f"{PLATFORM_NAME} <no-reply@{PLATFORM_DOMAIN}>"
if EMAIL_URL.startswith("file://"):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = EMAIL_URL.removeprefix("file://")
else:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 10
