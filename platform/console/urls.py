"""Addresses of the console, on the public host only."""

from django.urls import path

from console.pages import backups, copies, door, ends, finding, jobs, limits, lives, new_school, school, schools, trail

app_name = "console"
urlpatterns = [
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("welcome/<str:token>/", door.welcome, name="welcome"),
    path("", schools.index, name="schools"),
    path("schools.csv", schools.download, name="schools_csv"),
    path("find/", finding.find, name="find"),
    path("schools/new/", new_school.create, name="new_school"),
    path("schools/<slug:slug>/", school.show, name="school"),
    path("schools/<slug:slug>/progress/", new_school.progress, name="progress"),
    path("schools/<slug:slug>/suspend/", school.suspend, name="suspend"),
    path("schools/<slug:slug>/read-only/", school.make_read_only, name="read_only"),
    path("schools/<slug:slug>/resume/", school.resume, name="resume"),
    path("schools/<slug:slug>/retry/", school.retry, name="retry"),
    path("schools/<slug:slug>/invite/", school.invite, name="invite"),
    path("schools/<slug:slug>/limits/", limits.change, name="limits"),
    path("schools/<slug:slug>/archive/", lives.archive, name="archive"),
    path("schools/<slug:slug>/bring-back/", lives.bring_back, name="bring_back"),
    path("schools/<slug:slug>/rename/", lives.rename, name="rename"),
    path("schools/<slug:slug>/erase/", ends.ask, name="erase"),
    path("schools/<slug:slug>/erase/confirm/", ends.confirm, name="confirm_erasure"),
    path("schools/<slug:slug>/erase/take-back/", ends.take_back, name="take_back_erasure"),
    path("schools/<slug:slug>/copies/", copies.index, name="copies"),
    path("schools/<slug:slug>/copies/export/", copies.ask_export, name="ask_export"),
    path("schools/<slug:slug>/copies/archive/", copies.ask_archive, name="ask_archive"),
    path("schools/<slug:slug>/copies/<uuid:pk>/file/", copies.fetch, name="fetch_copy"),
    path("schools/<slug:slug>/copies/<uuid:pk>/restore/", copies.restore, name="restore"),
    path("schools/<slug:slug>/restorations/<uuid:pk>/", copies.restoration, name="restoration"),
    path("schools/<slug:slug>/restorations/<uuid:pk>/discard/", copies.discard, name="discard_restoration"),
    path("backups/", backups.index, name="backups"),
    path("erased/", ends.index, name="erased"),
    path("erased/<uuid:pk>/", ends.certificate, name="certificate"),
    path("erased/<uuid:pk>/certificate.json", ends.certificate_file, name="certificate_file"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="retry_job"),
    path("jobs/<uuid:pk>/discard/", jobs.discard, name="discard_job"),
    path("audit/", trail.index, name="trail"),
    path("audit/verify/", trail.verify, name="verify"),
]
