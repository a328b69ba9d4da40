"""Which apps exist, in which schemas their tables live, and the road of a request."""

from config.settings.base import ENVIRONMENT

BOTH = ["django.contrib.sessions", "identity", "audit"]
SHARED_APPS = ["core", "tenants", *BOTH]
TENANT_APPS = [
    *BOTH,
    "api",
    "oauth2_provider",
    "schools.bulk",
    "schools.offline",
    "schools.imports",
    "schools.people",
    "schools.records",
    "schools.details",
    "schools.leaves",
    "schools.families",
    "schools.duplicates",
    "schools.academics",
    "schools.curriculum",
    "schools.rollover",
    "schools.transfers",
    "schools.messaging",
    "schools.attendance",
    "schools.absences",
    "schools.assessment",
    "schools.papers",
    "schools.admissions",
]
NO_TABLES = [
    "django.contrib.auth",  # its functions and hashers; our users have roles of their own
    "django.contrib.contenttypes",  # auth's models name it; nothing of a school depends on its ids
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "web",
    "console",
    "schools.exports",
    "schools.home",
    "workers",
    "config",
]
INSTALLED_APPS = list(dict.fromkeys([*NO_TABLES, *SHARED_APPS, *TENANT_APPS]))
MIGRATION_MODULES = {"auth": None, "contenttypes": None}
DATABASE_ROUTERS = ["tenants.router.Homes"]

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["identity.backends.SchoolBackend"]

MIDDLEWARE = [
    "core.middleware.answer_health",
    "core.middleware.observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.compress",
    "tenants.middleware.enter_school",
    "tenants.shares.share_out",
    "api.middleware.take_short_road",
    "web.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "identity.middleware.recognise",
    "web.middleware.choose_language",
    "web.middleware.name_the_reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.turn_refusals_into_pages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "web.context.web",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = [
    "auth.E003",  # usernames are unique regardless of case, by a constraint over lower(username)
    "auth.W004",
]
SHOW_UI_PAGE = ENVIRONMENT != "production"
