"""Slugs, schema names and hosts: one strict rule each."""

import functools
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SCHEMA = re.compile(r"^[a-z][a-z0-9_]{0,47}$")
SLUG = re.compile(r"^[a-z](?:[a-z0-9]|-(?!-)){0,38}[a-z0-9]$")
HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$")

RESERVED_SLUGS = frozenset(
    "about account accounts admin api app apply apps assets auth beta billing blog calendar callback callbacks cdn "
    "console dashboard demo-data dev developer developers dns docs email files ftp grafana health help host hosts imap "
    "internal localhost login mail media metrics monitoring mx new news no-tenant-selected ns ns1 ns2 oauth operator "
    "operators pay payments platform pop postgres prometheus public register root school schools security shule "
    "sign-in sign-up smtp ssl staff staging static status support sysadmin system template test-data tls verify "
    "webhook webhooks webmail www".split()
)
RESERVED_SCHEMAS = frozenset({"public", "information_schema", "no_tenant_selected", "template", "postgres"})


def check_slug(slug: str) -> None:
    """Refuse what cannot be a school's subdomain; raises ValidationError."""
    if not SLUG.fullmatch(slug):
        raise ValidationError(
            _("Use 2 to 40 small letters, digits and single hyphens, starting with a letter."), code="slug_form"
        )
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This address is kept for the platform. Choose another."), code="slug_reserved")


def schema_for(slug: str, number: str) -> str:
    """The schema of a new school: readable, never reused: `s_mwangaza_3f9a1c`."""
    return f"s_{slug.replace('-', '_')[:30]}_{number}"


def check_schema(name: str) -> None:
    """Refuse any name outside the strict rule; raises ValidationError."""
    if not SCHEMA.fullmatch(name) or name.startswith("pg_") or name in RESERVED_SCHEMAS:
        raise ValidationError(f"{name!r} is not a schema name.", code="schema_form")


def quoted(schema: str) -> str:
    """A schema name ready for SQL; raises ValueError for one outside the strict rule."""
    if not SCHEMA.fullmatch(schema):
        raise ValueError(f"{schema!r} is not a schema name.")
    return schema


@functools.lru_cache(maxsize=4096)
def normal_host(raw: str) -> str | None:
    """A Host header in the form it is stored in (no port, no trailing dot, lower case), or None when malformed."""
    host, _colon, port = raw.strip().lower().partition(":")
    if port and not port.isdigit():
        return None
    host = host.removesuffix(".")
    return host if HOST.fullmatch(host) else None
