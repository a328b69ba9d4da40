"""Who gets which answer at which route of the platform's own host.

P an operator · K a program with an operator's key · R one whose key only reads · N an account of the platform without
a role · C the cookie of Mwangaza's head · A an API key of Mwangaza with every scope · - nobody signed in. A school is
Mwangaza, named by its slug.
"""

from tests.permissions.table import Row

SCHOOL = {"slug": "school"}
JOB = {"pk": "job"}
COPY = {"slug": "school", "pk": "job"}
PAGE = "P 200 · N 403 · KRCA- 302"
ACT = "P 302 · N 403 · KRCA- 302"
WRONG = "P 400 · N 403 · KRCA- 302"
NOT_THERE = "PK 404 · RN 403 · CA- 401"
GONE = "P 404 · N 403 · KRCA- 302"

PUBLIC = [
    Row("GET", "", "PKRNCA- 200"),
    Row("GET", "find/", "PKRNCA- 200"),
    Row("GET", "ui/", "PKRNCA- 200"),
    Row("POST", "theme/", "PKRNCA- 302"),
    Row("POST", "language/", "PKRNCA- 302"),
    Row("GET", "offline", "PKRNCA- 200"),
    Row("GET", "sw.js", "PKRNCA- 200"),
    Row("GET", "manifest.webmanifest", "PKRNCA- 200"),
    Row("GET", "favicon.ico", "PKRNCA- 302"),
    Row("GET", "console/sign-in/", "PN 302 · KRCA- 200"),
    Row("POST", "console/sign-in/", "PKRNCA- 400"),
    Row("POST", "console/sign-out/", "PKRNCA- 302"),
    Row("GET", "console/welcome/<str:token>/", "PKRNCA- 404", {"token": "x"}),
    Row("GET", "console/", PAGE),
    Row("GET", "console/schools.csv", PAGE),
    Row("GET", "console/find/", ACT),
    Row("GET", "console/schools/new/", PAGE),
    Row("POST", "console/schools/new/", "P 400 · N 403 · KRCA- 302"),
    Row("GET", "console/schools/<slug:slug>/", PAGE, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/progress/", PAGE, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/suspend/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/suspend/", "P 400 · N 403 · KRCA- 302", SCHOOL),
    Row("GET", "console/schools/<slug:slug>/read-only/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/read-only/", "P 400 · N 403 · KRCA- 302", SCHOOL),
    Row("POST", "console/schools/<slug:slug>/resume/", ACT, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/retry/", ACT, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/invite/", ACT, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/limits/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/limits/", WRONG, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/archive/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/archive/", WRONG, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/bring-back/", ACT, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/rename/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/rename/", WRONG, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/erase/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/erase/", WRONG, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/erase/confirm/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/erase/confirm/", WRONG, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/erase/take-back/", ACT, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/copies/", PAGE, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/copies/export/", ACT, SCHOOL),
    Row("POST", "console/schools/<slug:slug>/copies/archive/", ACT, SCHOOL),
    Row("GET", "console/schools/<slug:slug>/copies/<uuid:pk>/file/", GONE, COPY),
    Row("POST", "console/schools/<slug:slug>/copies/<uuid:pk>/restore/", ACT, COPY),
    Row("GET", "console/schools/<slug:slug>/restorations/<uuid:pk>/", GONE, COPY),
    Row("POST", "console/schools/<slug:slug>/restorations/<uuid:pk>/", GONE, COPY),
    Row("POST", "console/schools/<slug:slug>/restorations/<uuid:pk>/discard/", ACT, COPY),
    Row("GET", "console/backups/", PAGE),
    Row("GET", "console/erased/", PAGE),
    Row("GET", "console/erased/<uuid:pk>/", GONE, JOB),
    Row("GET", "console/erased/<uuid:pk>/certificate.json", GONE, JOB),
    Row("GET", "console/jobs/", PAGE),
    Row("POST", "console/jobs/<uuid:pk>/retry/", ACT, JOB),
    Row("POST", "console/jobs/<uuid:pk>/discard/", ACT, JOB),
    Row("GET", "console/audit/", PAGE),
    Row("POST", "console/audit/verify/", ACT),
    Row("GET", "api/platform/v1/schools/", "PKR 200 · N 403 · CA- 401"),
    Row("POST", "api/platform/v1/schools/", "PK 415 · RN 403 · CA- 401"),
    Row("GET", "api/platform/v1/schools/<slug:slug>/", "PKR 200 · N 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/retry/", "PK 409 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/suspend/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/read-only/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/resume/", "PK 200 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/archive/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/bring-back/", "PK 409 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/rename/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/erase/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/erase/confirm/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/erase/take-back/", "PK 404 · RN 403 · CA- 401", SCHOOL),
    Row("GET", "api/platform/v1/schools/<slug:slug>/copies/", "PKR 200 · N 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/copies/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("GET", "api/platform/v1/schools/<slug:slug>/restorations/", "PKR 200 · N 403 · CA- 401", SCHOOL),
    Row("POST", "api/platform/v1/schools/<slug:slug>/restorations/", "PK 415 · RN 403 · CA- 401", SCHOOL),
    Row("GET", "api/platform/v1/schools/<slug:slug>/restorations/<uuid:pk>/", "PKR 404 · N 403 · CA- 401", COPY),
    Row("POST", "api/platform/v1/schools/<slug:slug>/restorations/<uuid:pk>/swap/", NOT_THERE, COPY),
    Row("POST", "api/platform/v1/schools/<slug:slug>/restorations/<uuid:pk>/discard/", NOT_THERE, COPY),
    Row("GET", "api/platform/v1/backups/", "PKR 200 · N 403 · CA- 401"),
    Row("GET", "api/platform/v1/erasures/<uuid:school_id>/", "PKR 404 · N 403 · CA- 401", {"school_id": "job"}),
]
