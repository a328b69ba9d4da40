"""Every write of a student's file: checked, locked, saved and audited in one transaction."""

from schools.records.services.care import add_alert, change_care, end_alert, note_look
from schools.records.services.consent import answer
from schools.records.services.documents import add_document, remove_document

__all__ = ["add_alert", "add_document", "answer", "change_care", "end_alert", "note_look", "remove_document"]
