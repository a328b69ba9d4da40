"""A school out of a file into a place of its own: under a new address and a new id, with everything that it had."""

import logging
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import chain
from audit import recording as audit
from core.errors import Conflict
from tenants import context, provisioning
from tenants.archive import loading, making, packing, places
from tenants.archive.manifest import Unreadable
from tenants.archive.packing import Unpacker
from tenants.models import Copy, CopyKind, CopyReason, CopyState, School, State, Step

log = logging.getLogger("shule.copies")


def bring_in(path: Path, *, slug: str, name: str = "", by: audit.Actor | None, at: datetime) -> School:
    """Set up a school out of an archive. Raises Conflict when the address is taken; whatever fails leaves nothing."""
    with Unpacker(path) as source:
        source.check()
        said = source.manifest.school
        with context.in_public():
            if School.objects.filter(slug=slug).exists():
                taken = _("Another school has this address.")
                raise Conflict(taken, errors={"slug": [taken]})
        school = provisioning.request(
            slug=slug,
            name=name or str(said["name"]),
            head_name=str(said.get("head_name", "")),
            head_email=str(said.get("head_email", "")),
            facts=dict(said.get("facts", {})),
            by=by,
            at=at,
            in_background=False,
        )
        try:
            loading.load(source, school.schema)
            loading.put_media(source, school)
        except BaseException:
            loading.drop(school.schema)
            with context.in_public():
                School.objects.filter(pk=school.pk).delete()
            raise
    with context.in_school(school), transaction.atomic():
        chain.vouch()
        audit.record("school.brought_in", by=by, at=at, changes={"from": str(said["slug"]), "of": said["id"]})
    with context.in_public(), transaction.atomic():
        School.objects.filter(pk=school.pk).update(step=Step.SEED, state=State.PROVISIONING)
        audit.record("school.brought_in", on=school, by=by, at=at, changes={"from": str(said["slug"])})
    return provisioning.provision(str(school.pk), at=at)


def adopt(path: Path, *, school_id: Any, by: audit.Actor | None, at: datetime, reason: str = CopyReason.ASKED) -> Copy:
    """Take an archive of this very school from outside into the store, checked."""
    with Unpacker(path) as source:
        source.check()
        said = source.manifest
    if said.kind != CopyKind.ARCHIVE:
        raise Unreadable(_("This is a portable export: a school is restored from its archive."))
    with context.in_public():
        school = School.objects.get(pk=school_id)
        if said.school["id"] != str(school.pk):
            raise Conflict(_("This is the archive of another school: bring it in under an address of its own."))
        name = places.file_name(school.pk, school.slug, CopyKind.ARCHIVE, at)
        places.keep(path, name)
        life = making.LIFE[CopyReason(reason)][CopyKind.ARCHIVE]
        return Copy.objects.create(
            school_id=school.pk, kind=CopyKind.ARCHIVE, reason=reason, state=CopyState.DONE, file=name,
            sha256=packing.digest_of(path), bytes=path.stat().st_size, asked_by=str(by)[:150] if by else "",
            started_at=at, finished_at=datetime.fromisoformat(said.made_at), verified_at=at,
            expires_at=at + life,
            facts={"rows": sum(said.counts().values()), "media": len(said.of("media"))},
        )  # fmt: skip


def fetch(copy: Copy, target: Path) -> None:
    """Write a kept copy to a local file."""
    with places.open_file(copy.file) as source, target.open("wb") as to:
        shutil.copyfileobj(source, to, 1024 * 1024)


def check(copy: Copy, *, at: datetime) -> None:
    """Read a kept copy to its last byte and note that it is whole; raises Unreadable."""
    with places.at_hand(copy.file) as local:
        if packing.digest_of(local) != copy.sha256:
            raise Unreadable(_("%(name)s is damaged.") % {"name": copy.file})
        with Unpacker(local) as source:
            source.check()
    with context.in_public():
        copy.verified_at = at
        copy.save(update_fields=["verified_at", "updated_at"])
