"""PostgreSQL: our verified backend, a pool per process, nowhere as the default search path."""

from urllib.parse import unquote, urlsplit

from config import env

DATABASE_URL = env.url("DATABASE_URL", ("postgresql", "postgres"))
_url = urlsplit(DATABASE_URL)

# What a server process remembers of a school's tables it never forgets: half a megabyte for a page or two.
DATABASE_SCHOOLS_PER_CONNECTION = env.number("DATABASE_SCHOOLS_PER_CONNECTION", 50)

DATABASES = {
    "default": {
        "ENGINE": "tenants.backend",
        "NAME": unquote(_url.path.lstrip("/")),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": unquote(_url.hostname or ""),
        "PORT": str(_url.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "options": "-c search_path=no_tenant_selected -c TimeZone=UTC",
            "connect_timeout": 5,
            "application_name": "shule",
            "pool": {
                "min_size": 1,
                "max_size": env.number("DATABASE_POOL_SIZE", 8),
                "timeout": 10,
                "max_lifetime": 900,
            },
        },
    }
}
