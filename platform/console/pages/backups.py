"""Whether everything could be brought back: base backups, each school's newest archive, the drills."""

from datetime import timedelta

from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console import overview
from console.policies import may_operate
from core import clock
from identity.access import allow
from tenants import queries, restoring
from tenants.archive import making
from tenants.backup import cluster
from tenants.models import Copy, CopyKind, CopyState, RestorationState, School

LIMITS = {"cluster": timedelta(hours=26), "school": timedelta(hours=26), "drill": timedelta(days=15)}
SHOWN = 100


@require_safe
@allow(may_operate)
def index(request: HttpRequest) -> HttpResponse:
    """The ages against their limits, then what there is; the schools with the oldest archive first."""
    now = clock.now()
    ages = {kind: timedelta(seconds=age) for kind, age in making.ages().items()}
    archives = Copy.objects.filter(school_id=OuterRef("pk"), kind=CopyKind.ARCHIVE, state=CopyState.DONE)
    newest = archives.order_by("-finished_at")
    last = {
        "copied_at": Subquery(newest.values("finished_at")[:1]),
        "copied_bytes": Subquery(newest.values("bytes")[:1]),
    }
    schools = School.objects.filter(state__in=queries.OPEN).annotate(**last)
    schools = schools.order_by(F("copied_at").asc(nulls_first=True), "slug")[:SHOWN]
    drills = list(restoring.drills()[:10])
    names = dict(School.objects.filter(pk__in={one.school_id for one in drills}).values_list("pk", "name"))
    around = {
        "ages": {kind: (overview.lasting(age), age <= LIMITS[kind]) for kind, age in ages.items()},
        "bases": list(cluster.bases()[:20]),
        "failed": list(Copy.objects.filter(state=CopyState.FAILED).order_by("-created_at")[:10]),
        "schools": [
            (school, moment, overview.lasting(now - moment) if moment else "")
            for school, moment in ((school, getattr(school, "copied_at", None)) for school in schools)
        ],
        "drills": [(one, names.get(one.school_id, ""), one.state == RestorationState.DISCARDED) for one in drills],
    }
    return render(request, "console/backups.html", around)
