"""An application changes its stage: kept, told in its history, audited, and mailed where the family must know."""

from datetime import datetime

from audit import recording as audit
from core import jobs
from identity.models import User
from schools.admissions.choices import Stage
from schools.admissions.models import Application, Event


def to_stage(application: Application, stage: str, said: str, by: User | None, at: datetime) -> Application:
    """Move a locked application and tell so."""
    before = application.stage
    application.stage, application.stage_since = stage, at
    if stage not in (Stage.OFFERED, Stage.ACCEPTED):
        application.offered_class, application.offer_until = None, None
    application.save()
    Event.objects.create(application=application, kind=stage, text=said[:500], by=by, at=at)
    audit.record("application.moved", on=application, by=by, at=at, changes={"stage": [before, stage]})
    if application.email and stage in (Stage.OFFERED, Stage.INTERVIEW, Stage.DECLINED):
        jobs.later("admissions.mail", application_id=str(application.pk), letter=str(stage))
    return application
