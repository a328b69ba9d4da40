"""Schools from the command line: set up, closed, copied, restored, put away, renamed, erased, held to limits."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core import clock
from core.errors import DomainError
from identity import roles
from identity.models import User
from tenants import context, entitlements, erasing, footprint, lifecycle, provisioning, queries, restoring
from tenants.archive import exporting, importing, places, writing
from tenants.models import Restoration, School


class Command(BaseCommand):
    """`manage.py school create|list|size|suspend|resume|export|import|restore|archive|bring-back|rename|limits|…`"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each, with what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="set up a new school, here and now")
        create.add_argument("slug")
        create.add_argument("--name", required=True)
        create.add_argument("--head-name", default="")
        create.add_argument("--head-email", default="")
        verbs.add_parser("list", help="every school with its state and address")
        suspend = verbs.add_parser("suspend", help="close a school at once; its data stays")
        suspend.add_argument("slug")
        suspend.add_argument("--reason", required=True)
        resume = verbs.add_parser("resume", help="open a suspended school again")
        resume.add_argument("slug")
        export = verbs.add_parser("export", help="write a school into one file; a suspended one too")
        export.add_argument("slug")
        export.add_argument("--to", type=Path, required=True)
        export.add_argument("--whole", action="store_true", help="the archive for restoring, secrets included")
        bring = verbs.add_parser("import", help="set up a school out of an archive, under an address of its own")
        bring.add_argument("file", type=Path)
        bring.add_argument("--slug", required=True)
        bring.add_argument("--name", default="")
        restore = verbs.add_parser("restore", help="load an earlier self beside the school and show what is otherwise")
        restore.add_argument("slug")
        restore.add_argument("--from", dest="source", type=Path, help="an archive; without it the newest one kept")
        restore.add_argument("--at", help="a moment, 2026-03-14T06:30: out of the cluster's backup and log")
        restore.add_argument("--swap", action="store_true", help="put it in the school's place without asking")
        restore.add_argument("--keep-beside", action="store_true", help="only load and compare")
        archive = verbs.add_parser("archive", help="put a school away: archive kept, tables and files dropped")
        archive.add_argument("slug")
        archive.add_argument("--reason", required=True)
        back = verbs.add_parser("bring-back", help="open an archived school again under its id")
        back.add_argument("slug")
        rename = verbs.add_parser("rename", help="give a school another address; the old one leads to it")
        rename.add_argument("slug")
        rename.add_argument("--to", required=True)
        erase = verbs.add_parser("erase", help="ask for a school's end, confirm it as another, take it back")
        erase.add_argument("slug")
        erase.add_argument("--as", dest="operator", required=True, help="the operator's user name")
        erase.add_argument("--name", required=True, help="the school's name, word for word")
        erase.add_argument("--reason", default="")
        way = erase.add_mutually_exclusive_group()
        way.add_argument("--confirm", action="store_true")
        way.add_argument("--take-back", action="store_true")
        limits = verbs.add_parser(
            "limits", help="what a school may use; job_slots=4 sets, job_slots= gives back the usual"
        )
        limits.add_argument("slug")
        limits.add_argument("change", nargs="*", metavar="name=number")
        size = verbs.add_parser("size", help="what the tables of a school take in the database; without a slug, of all")
        size.add_argument("slug", nargs="?")
        sweep = verbs.add_parser("sweep", help="look everywhere for what is left of a school, by its id")
        sweep.add_argument("id", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; a refusal is one line and exit status 1."""
        try:
            getattr(self, f"_{options['verb'].replace('-', '_')}")(options)
        except DomainError as error:
            lines = [f"{field}: {m}" for field, messages in error.errors.items() for m in messages]
            raise CommandError("\n".join(lines) or error.message) from None

    def _create(self, options: dict[str, Any]) -> None:
        at = clock.now()
        school = provisioning.request(
            slug=options["slug"],
            name=options["name"],
            head_name=options["head_name"],
            head_email=options["head_email"],
            by=None,
            at=at,
            in_background=False,
        )
        school = provisioning.provision(str(school.pk), at=at)
        with context.in_public():
            self.stdout.write(f"{school.name} is {school.state} at {queries.address(school)}")

    def _list(self, options: dict[str, Any]) -> None:
        with context.in_public():
            for school in queries.schools():
                self.stdout.write(f"{school.slug:<24} {school.state:<13} {queries.address(school)}  {school.name}")

    def _suspend(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.suspend(school_id=school.pk, reason=options["reason"], by=None, at=clock.now())
        self.stdout.write(f"{school.name} is suspended.")

    def _resume(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.resume(school_id=school.pk, by=None, at=clock.now())
        self.stdout.write(f"{school.name} is live.")

    def _limits(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        if options["change"]:
            wanted = dict(self._limit(change) for change in options["change"])
            school = entitlements.set_limits(school_id=school.pk, limits=wanted, by=None, at=clock.now())
        for held in entitlements.of(school):
            self.stdout.write(f"{held.limit.name:<26} {held.value:>8}  {'its own' if held.own else 'usual'}")

    def _limit(self, change: str) -> tuple[str, int | None]:
        name, sign, number = change.partition("=")
        if not sign or (number and not number.isdecimal()):
            raise CommandError(f"{change} is not name=number.")
        return name, int(number) if number else None

    def _size(self, options: dict[str, Any]) -> None:
        with context.in_public():
            schools = [self._school(options)] if options["slug"] else list(queries.schools())
        for school in schools:
            found = footprint.of(school.schema)
            self.stdout.write(
                f"{school.slug:<24} {found.bytes:>14,} bytes {found.files:>6,} files"
                f" {found.tables:>5,} tables {found.indexes:>6,} indexes"
            )

    def _export(self, options: dict[str, Any]) -> None:
        school, to = self._school(options), options["to"]
        write = writing.write if options["whole"] else exporting.write
        said = write(to, school, at=clock.now())
        to.chmod(0o600)
        rows, files = sum(said.counts().values()), len(said.of("media"))
        self.stdout.write(f"{to}: {len(said.members)} members, {rows} rows, {files} files, {to.stat().st_size} bytes")

    def _import(self, options: dict[str, Any]) -> None:
        school = importing.bring_in(
            options["file"], slug=options["slug"], name=options["name"], by=None, at=clock.now()
        )
        with context.in_public():
            self.stdout.write(f"{school.name} is {school.state} at {queries.address(school)}")

    def _restore(self, options: dict[str, Any]) -> None:
        school, at, copy_id = self._school(options), clock.now(), None
        if options["source"] and options["at"]:
            raise CommandError("--from and --at exclude each other.")
        if options["source"]:
            copy_id = importing.adopt(options["source"], school_id=school.pk, by=None, at=at).pk
        elif options["at"]:
            copy_id = self._out_of_the_cluster(school, options["at"], at)
        asked = restoring.ask(school_id=school.pk, copy_id=copy_id, by=None, at=at, in_background=False)
        restoration = restoring.load(asked.pk, at=at)
        self._tell(school, restoration)
        if options["keep_beside"]:
            self.stdout.write(f"It stands beside the school as {restoration.side}; the console can swap or drop it.")
        elif options["swap"] or self._agrees(school):
            restoring.swap(restoration_id=restoration.pk, by=None, at=clock.now())
            self.stdout.write(f"{school.name} is restored. What it was is kept for {restoring.KEPT_FOR.days} days.")
        else:
            restoring.discard(restoration_id=restoration.pk, by=None, at=clock.now())
            self.stdout.write("Thrown away. The school was not touched.")

    def _out_of_the_cluster(self, school: School, moment: str, at: datetime) -> UUID:
        from tenants.backup import moments

        wanted = parse_datetime(moment)
        if wanted is None:
            raise CommandError(f"{moment} is no moment: write 2026-03-14T06:30.")
        wanted = timezone.make_aware(wanted) if timezone.is_naive(wanted) else wanted
        with places.workroom() as folder:
            path = folder / "moment.zip"
            moments.write(path, school, moment=wanted, at=at)
            return importing.adopt(path, school_id=school.pk, by=None, at=at, reason="moment").pk

    def _tell(self, school: School, restoration: Restoration) -> None:
        when = f"{restoration.made_at:%Y-%m-%d %H:%M %Z}" if restoration.made_at else "?"
        self.stdout.write(f"{school.name} as of {when}, against now:")
        self.stdout.write(f"  {'':<34}{'come back':>10}{'change':>10}{'go away':>10}")
        for one in restoration.differences:
            self.stdout.write(f"  {one['label'][:33]:<34}{one['added']:>10}{one['changed']:>10}{one['removed']:>10}")
        if not restoration.differences:
            self.stdout.write("  nothing is otherwise")

    def _agrees(self, school: School) -> bool:
        if not sys.stdin.isatty():
            return False
        return input(f"Type {school.slug} to put it in the school's place: ").strip() == school.slug

    def _archive(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.suspend(school_id=school.pk, reason=options["reason"], by=None, at=clock.now())
        lifecycle.put_away(school_id=school.pk, by="", at=clock.now())
        self.stdout.write(f"{school.name} is archived.")

    def _bring_back(self, options: dict[str, Any]) -> None:
        school = self._school(options)
        lifecycle.bring_back(school_id=school.pk, at=clock.now())
        self.stdout.write(f"{school.name} is live.")

    def _rename(self, options: dict[str, Any]) -> None:
        school = lifecycle.rename(school_id=self._school(options).pk, slug=options["to"], by=None, at=clock.now())
        with context.in_public():
            self.stdout.write(f"{school.name} is at {queries.address(school)}")

    def _erase(self, options: dict[str, Any]) -> None:
        school, at = self._school(options), clock.now()
        if options["name"] != school.name:
            raise CommandError(f"This is not the name of {school.slug}.")
        with context.in_public():
            by = User.objects.filter(username__iexact=options["operator"], is_active=True).first()
        if by is None or not by.has_role(roles.OPERATOR):
            raise CommandError(f"No operator has the user name {options['operator']}.")
        if options["confirm"]:
            erasure = erasing.confirm(school_id=school.pk, by=by, at=at)
            self.stdout.write(f"{school.name} is closed, and will be erased on {erasure.due_at:%Y-%m-%d}.")
        elif options["take_back"]:
            erasing.take_back(school_id=school.pk, by=by, at=at)
            self.stdout.write(f"{school.name} stays.")
        else:
            erasing.ask(school_id=school.pk, reason=options["reason"], by=by, at=at)
            self.stdout.write("Asked. Another operator confirms with --confirm.")

    def _sweep(self, options: dict[str, Any]) -> None:
        found = erasing.sweep(options["id"])
        for place, number in found.items():
            self.stdout.write(f"{place:<10} {number}")
        for place, number in erasing.mentions(options["id"]).items():
            self.stdout.write(f"{place}: {number}, the opaque id only")
        if left := {place: number for place, number in found.items() if number}:
            raise CommandError(f"Something is left: {', '.join(left)}.")
        self.stdout.write("Nothing of it is left.")

    def _school(self, options: dict[str, Any]) -> School:
        with context.in_public():
            school = School.objects.filter(slug=options["slug"]).first()
        if school is None:
            raise CommandError(f"No school has the slug {options['slug']}.")
        return school
