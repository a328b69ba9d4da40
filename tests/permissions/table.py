"""Who gets which answer at which route of a school.

H head · R registrar · T teacher of Grade 6 East · O another teacher · B bursar · G Amani's guardian · S Amani ·
- nobody signed in. A route that names an object gets Mwangaza School's own: the student is Amani, in Grade 6 East.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One route: the method, its pattern, the answers by person, and which object each parameter is."""

    method: str
    route: str
    answers: str
    names: dict[str, str] = field(default_factory=dict)

    def expected(self) -> dict[str, int]:
        """The status for each person's letter."""
        return {who: int(status) for group in self.answers.split(" · ") for who, status in _group(group)}

    def path(self, objects: dict[str, str]) -> str:
        """The route with its parameters filled in."""
        path = self.route
        for name, thing in self.names.items():
            before, rest = path.split(f":{name}>", 1)
            path = before.rsplit("<", 1)[0] + objects.get(thing, thing) + rest
        return f"/{path}"


def _group(group: str) -> list[tuple[str, str]]:
    letters, status = group.rsplit(" ", 1)
    return [(letter, status) for letter in letters]


TABLE = [
    Row("GET", "api/v1/students/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/students/<str:id>/", "HRTBGS 200 · O 404 · - 401", {"id": "student"}),
    Row("GET", "api/v1/students/<str:id>/photo/", "HRTOBGS 404 · - 401", {"id": "student"}),
    Row("GET", "api/v1/guardians/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/guardians/<str:id>/", "HRTOBG 200 · S 404 · - 401", {"id": "guardian"}),
    Row("GET", "api/v1/staff/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/staff/<str:id>/", "HRTOB 200 · GS 404 · - 401", {"id": "staff"}),
    Row("GET", "api/v1/classes/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/classes/<str:id>/", "HRTBGS 200 · O 404 · - 401", {"id": "class"}),
    Row("GET", "api/v1/teaching-groups/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/teaching-groups/<str:id>/", "HRTBGS 200 · O 404 · - 401", {"id": "group"}),
    Row("GET", "api/v1/subjects/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/subjects/<str:id>/", "HRTOBGS 200 · - 401", {"id": "subject"}),
    Row("GET", "api/v1/terms/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/terms/<str:id>/", "HRTOBGS 200 · - 401", {"id": "term"}),
    Row("GET", "api/v1/enrolments/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/enrolments/<str:id>/", "HRTBGS 200 · O 404 · - 401", {"id": "enrolment"}),
    Row("GET", "api/v1/attendance-registers/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/attendance-registers/<str:id>/", "HRTB 200 · OGS 404 · - 401", {"id": "register"}),
    Row("GET", "api/v1/assessments/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/assessments/<str:id>/", "HRTB 200 · OGS 404 · - 401", {"id": "assessment"}),
    Row("GET", "api/v1/marks/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/marks/<str:id>/", "HRTB 200 · OGS 404 · - 401", {"id": "mark"}),
    Row("GET", "api/v1/grading-scales/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/grading-scales/<str:id>/", "HRTOBGS 200 · - 401", {"id": "scale"}),
    Row("GET", "api/v1/me/", "HRTOBGS 200 · - 401"),
    Row("GET", "api/v1/schema/", "HRTOBGS- 200"),
    Row("GET", "api/v1/docs/", "HRTOBGS- 200"),
    Row("GET", "ui/", "HRTOBGS- 200"),
    Row("POST", "theme/", "HRTOBGS- 302"),
    Row("POST", "language/", "HRTOBGS- 302"),
    Row("GET", "offline", "HRTOBGS- 200"),
    Row("GET", "sw.js", "HRTOBGS- 200"),
    Row("GET", "manifest.webmanifest", "HRTOBGS- 200"),
    Row("GET", "favicon.ico", "HRTOBGS- 302"),
    Row("GET", "sign-in/", "HRTOBGS 302 · - 200"),
    Row("POST", "sign-out/", "HRTOBGS- 302"),
    Row("GET", "forgot/", "HRTOBGS- 200"),
    Row("GET", "welcome/<str:token>/", "HRTOBGS- 404", {"token": "x"}),
    Row("GET", "account/", "HRTOBGS 200 · - 302"),
    Row("POST", "account/password/", "HRTOBGS 400 · - 302"),
    Row("POST", "account/leave-everywhere/", "HRTOBGS- 302"),
    Row("GET", "", "HRTOBGS 200 · - 302"),
    Row("GET", "search/", "HRTOBGS 200 · - 302"),
    Row("GET", "media/<path:token>", "HRTOBGS- 404", {"token": "x"}),
    Row("GET", "settings/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "settings/look/", "HR 200 · TOBGS 403 · - 302"),
    Row("POST", "settings/look/logo/", "H 400 · RTOBGS 403 · - 302"),
    Row("POST", "settings/look/logo/remove/", "H- 302 · RTOBGS 403"),
    Row("GET", "settings/terms/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "settings/terms/<uuid:pk>/", "H 200 · RTOBGS 403 · - 302", {"pk": "term"}),
    Row("GET", "settings/access/", "H 200 · RTOBGS 403 · - 302"),
    Row("GET", "settings/access/key/", "H 200 · RTOBGS 403 · - 302"),
    Row("POST", "settings/access/key/<uuid:pk>/end/", "H- 302 · RTOBGS 403", {"pk": "key"}),
    Row("GET", "settings/access/client/", "H 200 · RTOBGS 403 · - 302"),
    Row("POST", "settings/access/client/<str:client_id>/end/", "H- 302 · RTOBGS 403", {"client_id": "client"}),
    Row("GET", "settings/data/", "H 200 · RTOBGS 403 · - 302"),
    Row("POST", "settings/data/ask/", "H- 302 · RTOBGS 403"),
    Row("GET", "settings/data/<uuid:pk>/file/", "H 200 · RTOBGS 403 · - 302", {"pk": "export"}),
    Row("GET", "settings/audit/", "H 200 · RTOBGS 403 · - 302"),
    Row("GET", "students/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "students/print/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "students/export.csv", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "students/admit/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "students/<uuid:pk>/", "HRTBGS 200 · O 404 · - 302", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/edit/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/photo/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("POST", "students/<uuid:pk>/photo/remove/", "HR- 302 · TOBGS 403", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/numbers/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row(
        "POST",
        "students/<uuid:pk>/numbers/<uuid:number>/remove/",
        "HR- 302 · TOBGS 403",
        {"pk": "student", "number": "number"},
    ),
    Row("GET", "students/<uuid:pk>/guardians/add/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/household/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/history/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "students/<uuid:pk>/<slug:key>/", "HRTGS 200 · OB 404 · - 302", {"pk": "student", "key": "marks"}),
    Row("GET", "guardians/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "guardians/<uuid:pk>/", "HRTOB 200 · GS 403 · - 302", {"pk": "guardian"}),
    Row("GET", "guardians/<uuid:pk>/edit/", "HR 200 · TOBGS 403 · - 302", {"pk": "guardian"}),
    Row("GET", "guardianships/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "guardianship"}),
    Row("GET", "staff/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "staff/add/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "staff/<uuid:pk>/", "HRTOB 200 · GS 403 · - 302", {"pk": "staff"}),
    Row("GET", "staff/<uuid:pk>/edit/", "HR 200 · TOBGS 403 · - 302", {"pk": "staff"}),
    Row("GET", "staff/<uuid:pk>/photo/", "HR 200 · TOBGS 403 · - 302", {"pk": "staff"}),
    Row("POST", "staff/<uuid:pk>/photo/remove/", "HR- 302 · TOBGS 403", {"pk": "staff"}),
    Row("GET", "classes/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "classes/add/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "classes/<uuid:pk>/", "HRTB 200 · O 404 · GS 403 · - 302", {"pk": "class"}),
    Row("GET", "classes/<uuid:pk>/edit/", "HR 200 · TOBGS 403 · - 302", {"pk": "class"}),
    Row("POST", "classes/move/", "HR- 302 · TOBGS 403"),
    Row("POST", "classes/leave/", "HR- 302 · TOBGS 403"),
    Row("POST", "teaching-groups/join/", "HR- 302 · TOBGS 403"),
    Row("POST", "students/change/", "HR- 302 · TOBGS 403"),
    Row("GET", "lists/<slug:key>.<slug:kind>", "HRTOB 200 · GS 403 · - 302", {"key": "students", "kind": "csv"}),
    Row("GET", "papers/", "HR 200 · TOBGS 403 · - 302"),
    Row("POST", "papers/cards/", "HR- 302 · TOBGS 403"),
    Row("POST", "papers/staff-cards/", "HR- 302 · TOBGS 403"),
    Row("GET", "papers/classes/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "class"}),
    Row("POST", "papers/classes/<uuid:pk>/", "HR 400 · TOBGS 403 · - 302", {"pk": "class"}),
    Row("GET", "papers/batches/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "batch"}),
    Row("GET", "papers/batches/<uuid:pk>/file/", "HR 404 · TOBGS 403 · - 302", {"pk": "batch"}),
    Row("GET", "papers/templates/add/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "papers/templates/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "template"}),
    Row("POST", "papers/templates/<uuid:pk>/", "HR 400 · TOBGS 403 · - 302", {"pk": "template"}),
    Row("POST", "papers/templates/<uuid:pk>/remove/", "HR- 302 · TOBGS 403", {"pk": "template"}),
    Row(
        "GET",
        "papers/templates/<uuid:pk>/preview/<uuid:student>/",
        "HR 200 · TOBGS 403 · - 302",
        {"pk": "template", "student": "student"},
    ),
    Row("GET", "papers/students/<uuid:pk>/issue/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("POST", "papers/students/<uuid:pk>/issue/", "HR 400 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "papers/letters/<uuid:pk>/", "HRGS 200 · TOB 403 · - 302", {"pk": "letter"}),
    Row("GET", "papers/letters/<uuid:pk>/file/", "HRGS 200 · TOB 403 · - 302", {"pk": "letter"}),
    Row("POST", "papers/letters/<uuid:pk>/revoke/", "HR 400 · TOBGS 403 · - 302", {"pk": "letter"}),
    Row("POST", "papers/letters/<uuid:pk>/share/", "HR- 302 · TOBGS 403", {"pk": "letter"}),
    Row("GET", "verify/<str:token>", "HRTOBGS- 200", {"token": "card_token"}),
    Row("GET", "verify/<str:token>/photo", "HRTOBGS- 404", {"token": "card_token"}),
    Row("GET", "bulk/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "bulk/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "bulk"}),
    Row("POST", "bulk/<uuid:pk>/undo/", "HR- 302 · TOBGS 403", {"pk": "bulk"}),
    Row("GET", "classes/move/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "classes/leave/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "student"}),
    Row("GET", "subjects/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "subjects/add/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "subjects/<uuid:pk>/", "HR 200 · TOBGS 403 · - 302", {"pk": "subject"}),
    Row("GET", "teaching-groups/", "HRTOB 200 · GS 403 · - 302"),
    Row("GET", "teaching-groups/add/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "teaching-groups/<uuid:pk>/", "HRTB 200 · O 404 · GS 403 · - 302", {"pk": "group"}),
    Row("GET", "teaching-groups/<uuid:pk>/edit/", "HR 200 · TOBGS 403 · - 302", {"pk": "group"}),
    Row("GET", "attendance/", "HRTO 200 · BGS 403 · - 302"),
    Row("GET", "attendance/<uuid:class_id>/", "HRT 200 · O 404 · BGS 403 · - 302", {"class_id": "class"}),
    Row(
        "GET",
        "attendance/<uuid:class_id>/<day:day>/",
        "HRT 200 · O 404 · BGS 403 · - 302",
        {"class_id": "class", "day": "2026-06-15"},
    ),
    Row("GET", "marks/", "HRTO 200 · BGS 403 · - 302"),
    Row("GET", "marks/new/", "HRTO 200 · BGS 403 · - 302"),
    Row("POST", "marks/cells/", "HRTO 400 · BGS 403 · - 302"),
    Row("GET", "marks/results/", "HRTOGS 200 · B 403 · - 302"),
    Row("GET", "marks/scales/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "marks/scales/new/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "marks/scales/<uuid:scale_id>/", "HR 200 · TOBGS 403 · - 302", {"scale_id": "scale"}),
    Row(
        "GET",
        "marks/<uuid:class_id>/<uuid:sitting_id>/",
        "HRT 200 · O 404 · BGS 403 · - 302",
        {"class_id": "class", "sitting_id": "assessment"},
    ),
    Row(
        "POST",
        "marks/<uuid:class_id>/<uuid:sitting_id>/act/",
        "HRTO 404 · BGS 403 · - 302",
        {"class_id": "class", "sitting_id": "assessment"},
    ),
    Row("GET", "imports/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "imports/new/", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "imports/students.csv", "HR 200 · TOBGS 403 · - 302"),
    Row("GET", "imports/<uuid:pk>/", "HR- 302 · TOBGS 403", {"pk": "run"}),
    Row("GET", "imports/<uuid:pk>/columns/", "HR 404 · TOBGS 403 · - 302", {"pk": "run"}),
    Row("POST", "imports/<uuid:pk>/start/", "HR- 302 · TOBGS 403", {"pk": "run"}),
    Row("POST", "imports/<uuid:pk>/continue/", "HR- 302 · TOBGS 403", {"pk": "run"}),
    Row("POST", "imports/<uuid:pk>/undo/", "HR- 302 · TOBGS 403", {"pk": "run"}),
    Row("POST", "imports/<uuid:pk>/discard/", "HR- 302 · TOBGS 403", {"pk": "run"}),
    Row("GET", "imports/<uuid:pk>/problems.csv", "HR 200 · TOBGS 403 · - 302", {"pk": "run"}),
    Row("POST", "oauth/token", "HRTOBGS- 400"),
]
