"""A school's set-up as steps that are done, under way, failed or still to come."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenants.models import School, State, Step

ORDER = (Step.REQUESTED, Step.SCHEMA, Step.SEED, Step.DOMAIN, Step.LIVE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One step: `css` is done, todo or wait."""

    label: str
    note: str
    css: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole set-up."""

    steps: tuple[Shown, ...]
    done: int
    state: str
    error: str

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(ORDER)

    @property
    def finished(self) -> bool:
        """Whether it stands still: open, or failed."""
        return self.done == self.total or self.failed

    @property
    def failed(self) -> bool:
        """Whether a step failed."""
        return self.state == State.FAILED

    @property
    def text(self) -> str:
        """How far, in words."""
        return _("%(done)s of %(total)s steps") % {"done": self.done, "total": self.total}


def of(school: School) -> Progress:
    """How far a school is."""
    reached = ORDER.index(Step(school.step))
    failed = school.state == State.FAILED
    notes = {
        Step.REQUESTED: _("The set-up waits for a worker, or has one."),
        Step.SCHEMA: _("A schema of its own, copied from the template."),
        Step.SEED: _("Subjects, terms and grading scales; the head's account and invitation."),
        Step.DOMAIN: _("The school's own host name."),
        Step.LIVE: _("Its people can sign in."),
    }
    shown = tuple(
        Shown(
            str(step.label),
            notes[step],
            "done" if number <= reached else "todo" if number == reached + 1 else "wait",
            failed=failed and number == reached + 1,
        )
        for number, step in enumerate(ORDER)
    )
    return Progress(shown, reached + 1, school.state, school.error)
