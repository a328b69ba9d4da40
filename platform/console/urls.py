"""Addresses of the console, on the public host only."""

from django.urls import path

from console.pages import door, finding, jobs, new_school, school, schools, trail

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
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<uuid:pk>/retry/", jobs.retry, name="retry_job"),
    path("jobs/<uuid:pk>/discard/", jobs.discard, name="discard_job"),
    path("audit/", trail.index, name="trail"),
    path("audit/verify/", trail.verify, name="verify"),
]
