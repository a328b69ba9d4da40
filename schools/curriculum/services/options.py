"""Blocks of options: what may be chosen, what was, and who gets which place."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from identity.models import User
from schools.academics import services as academics
from schools.academics.models import AcademicYear, GradeLevel, Subject, TeachingGroup
from schools.bulk import services as bulk
from schools.curriculum import queries
from schools.curriculum.choices import Place
from schools.curriculum.models import Block, Option, Wish
from schools.people.models import Student

MOST_OPTIONS = 40


class BlockFacts(TypedDict, total=False):
    """What may be said of a block."""

    name: str
    year: AcademicYear
    levels: Sequence[str]
    least: int
    most: int
    opens_on: date
    closes_on: date


class OptionFacts(TypedDict, total=False):
    """What may be said of an option."""

    name: str
    pathway: str
    subject: Subject | None
    group: TeachingGroup | None
    capacity: int | None


@transaction.atomic
def save_block(*, block: Block | None, by: User | None, at: datetime, **facts: Unpack[BlockFacts]) -> Block:
    """Open a block, or change it before anybody is placed."""
    row = Block.objects.lock(block.pk) if block else Block(year=facts["year"])
    if row.placed_at is not None:
        raise Conflict(_("Students are placed already. Undo that first."))
    changes = saving.put(row, facts)
    errors: dict[str, list[str]] = {}
    if not text.tidy(row.name or ""):
        errors["name"] = [_("Give the block a name.")]
    known = set(GradeLevel.objects.filter(code__in=row.levels or []).values_list("code", flat=True))
    if not row.levels or set(row.levels) - known:
        errors["levels"] = [_("Choose the grade levels that choose.")]
    if row.least and row.most and row.most < row.least:
        errors["most"] = [_("This is less than the least.")]
    if row.opens_on and row.closes_on and row.closes_on < row.opens_on:
        errors["closes_on"] = [_("This is before it opens.")]
    saving.check(row, errors)
    if changes:
        row.save()
        audit.record("option_block.changed" if block else "option_block.opened", on=row, by=by, at=at)
    return row


@transaction.atomic
def save_option(
    *, block: Block, option: Option | None, by: User | None, at: datetime, **facts: Unpack[OptionFacts]
) -> Option:
    """Offer something in a block, or offer it otherwise."""
    block = Block.objects.lock(block.pk)
    row = Option.objects.lock(option.pk) if option else Option(block=block)
    if option is None and block.options.count() >= MOST_OPTIONS:
        raise Conflict(_("A block has at most %(n)s options.") % {"n": MOST_OPTIONS})
    changes = saving.put(row, facts)
    errors: dict[str, list[str]] = {} if text.tidy(row.name or "") else {"name": [_("Give the option a name.")]}
    if row.group is not None and row.group.is_whole_class:
        errors["group"] = [_("Choose a group of chosen members, not a whole class.")]
    saving.check(row, errors)
    if changes:
        saving.save(row, {"curriculum_option_name": ("name", _("Another option of the block has this name."))})
        audit.record("option.changed" if option else "option.offered", on=row, by=by, at=at)
    return row


@transaction.atomic
def choose(
    *, student: Student, block: Block, options: Sequence[UUID], by: User | None, at: datetime, late: bool = False
) -> list[Wish]:
    """Note what a student wants, best first, in place of what they chose before. `late` is the office's."""
    block = Block.objects.lock(block.pk)
    today = timezone.localdate(at)
    if block.placed_at is not None:
        raise Conflict(_("Students are placed already."))
    if not late and not block.opens_on <= today <= block.closes_on:
        raise Conflict(_("Choosing is closed."))
    if queries.level_of(student) not in block.levels:
        raise Conflict(_("These options are for other grade levels."))
    wanted = list(dict.fromkeys(options))
    held = {one.pk: one for one in block.options.all()}
    if any(pk not in held for pk in wanted):
        raise saving.wrong("options", _("Choose from the options of this block."))
    if len(wanted) < block.least:
        raise saving.wrong("options", _("Choose at least %(n)s.") % {"n": block.least})
    before = {wish.option_id: wish for wish in queries.wishes_of(student, block)}
    same = [pk for pk, _wish in sorted(before.items(), key=lambda item: item[1].rank)] == wanted
    if same:
        return [before[pk] for pk in wanted]
    Wish.objects.filter(pk__in=[wish.pk for wish in before.values()]).delete()
    # Whoever wanted it first keeps the time of their first wish, so that an order changed late costs no place.
    made = [
        Wish(
            option=held[pk], student=student, rank=rank, asked_at=before[pk].asked_at if pk in before else at,
        )
        for rank, pk in enumerate(wanted, 1)
    ]  # fmt: skip
    Wish.objects.bulk_create(made)
    names = [[held[pk].name for pk in before], [held[pk].name for pk in wanted]]
    audit.record("options.chosen", on=student, by=by, at=at, changes={block.name: names})
    return made


@transaction.atomic
def place(*, block: Block, by: User | None, at: datetime) -> dict[str, int]:
    """Give every student up to as many places as the block allows: first wishes before second ones, and of those who
    want the same equally the earlier first. Who finds no room waits. Those placed join the options' groups. Can be
    undone as one act; a second call is refused.
    """
    with bulk.recorded(
        kind="curriculum.place", said=_("Places of %(name)s") % {"name": block.name}, by=by, at=at
    ) as book:
        block = Block.objects.lock(block.pk)
        if block.placed_at is not None:
            raise Conflict(_("Students are placed already. Undo that first."))
        wishes = list(
            Wish.objects.filter(option__block=block).select_related("option", "student")
            .order_by("rank", "asked_at", "pk")
        )  # fmt: skip
        if not wishes:
            raise Conflict(_("Nobody has chosen yet."))
        book.changing(Block, [block.pk])
        book.changing(Wish, [wish.pk for wish in wishes])
        taken: Counter[UUID] = Counter()
        has: Counter[UUID] = Counter()
        joining: dict[UUID, list[Student]] = defaultdict(list)
        for wish in wishes:
            room = wish.option.capacity is None or taken[wish.option_id] < wish.option.capacity
            if has[wish.student_id] >= block.most:
                continue  # enough already: the wish stays a wish
            wish.place = Place.PLACED if room else Place.WAITING
            if room:
                taken[wish.option_id] += 1
                has[wish.student_id] += 1
                if wish.option.group_id is not None:
                    joining[wish.option.group_id].append(wish.student)
        # A place elsewhere ends the waiting for what was wanted less.
        Wish.objects.bulk_update(wishes, ["place"], batch_size=500)
        for pk in sorted(joining):
            group = TeachingGroup.objects.lock(pk)
            book.changing(TeachingGroup, [pk])
            members = {one.pk: one for one in [*group.members.all(), *joining[pk]]}
            academics.change_teaching_group(group=group, members=list(members.values()), by=by, at=at)
        block.placed_at = at
        block.save()
        counts = {
            "placed": sum(wish.place == Place.PLACED for wish in wishes),
            "waiting": sum(wish.place == Place.WAITING for wish in wishes),
            "students": len({wish.student_id for wish in wishes}),
        }
        audit.record("option_block.placed", on=block, by=by, at=at, changes=counts)
    return counts
