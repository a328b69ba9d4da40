"""A school's host: its pages, its API."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.v1.urls")),  # first: the busiest, and a plain prefix costs the others nothing
    path("", include("web.urls")),
    path("", include("identity.urls")),
    path("", include("schools.home.urls")),
    path("", include("schools.people.urls")),
    path("", include("schools.academics.urls")),
    path("attendance/", include("schools.attendance.urls")),
    path("absences/", include("schools.absences.urls")),
    path("marks/", include("schools.assessment.urls")),
    path("messages/", include("schools.messaging.urls")),
    path("outbox/", include("schools.offline.urls")),
    path("bulk/", include("schools.bulk.urls")),
    path("lists/", include("schools.exports.urls")),
    path("papers/", include("schools.papers.urls")),
    path("", include("schools.papers.public_urls")),
    path("rollover/", include("schools.rollover.urls")),
    path("records/", include("schools.records.urls")),
    path("duplicates/", include("schools.duplicates.urls")),
    path("families/", include("schools.families.urls")),
    path("confirm/", include("schools.families.public_urls")),
    path("leave/", include("schools.leaves.urls")),
    path("curriculum/", include("schools.curriculum.urls")),
    path("transfers/", include("schools.transfers.urls")),
    path("details/", include("schools.details.urls")),
    path("admissions/", include("schools.admissions.urls")),
    path("apply/", include("schools.admissions.public_urls")),
    path("imports/", include("schools.imports.urls")),
    path("oauth/", include("api.oauth_urls")),
]
handler403 = "web.errors.not_allowed"
handler404 = "web.errors.not_found"
handler500 = "web.errors.broken"
