"""Every write of admissions: checked, locked, saved and audited in one transaction."""

from schools.admissions.services.admitting import admit
from schools.admissions.services.applying import (
    answer_offer,
    begin,
    keep_file,
    save_page,
    submit,
    sweep_drafts,
    withdraw,
)
from schools.admissions.services.building import change_pages, open_form, set_form
from schools.admissions.services.pipeline import (
    enquire,
    interview,
    mark,
    move,
    note,
    offer,
    put_in_line,
)

__all__ = [
    "admit",
    "answer_offer",
    "begin",
    "change_pages",
    "enquire",
    "interview",
    "keep_file",
    "mark",
    "move",
    "note",
    "offer",
    "open_form",
    "put_in_line",
    "save_page",
    "set_form",
    "submit",
    "sweep_drafts",
    "withdraw",
]
