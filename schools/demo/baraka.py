"""Baraka Girls' High School: boarding, Grade 10 on CBE beside Forms 3 and 4 on 8-4-4, six streams."""

from schools.demo.plan import (
    AdultPlan,
    ChildPlan,
    ClassPlan,
    FamilyPlan,
    Level,
    Option,
    SchoolPlan,
    StaffPlan,
    SubjectPlan,
)

SENIOR, FORMS = "senior", "forms"
STREAMS = ("North", "East", "South", "West", "Central", "Hill")
TEN = Level("Grade 10", "G10", 15, SENIOR)
THREE = Level("Form 3", "F3", 16, FORMS, "844")
FOUR = Level("Form 4", "F4", 17, FORMS, "844")
SIZES = {
    TEN: (53, 52, 54, 51, 53, 52),
    THREE: (50, 51, 49, 50, 52, 50),
    FOUR: (48, 47, 49, 48, 46, 47),
}
_S, _F = (SENIOR,), (FORMS,)
SUBJECTS = (
    SubjectPlan("101", "ENG", "English", _F, "844", hard=6),
    SubjectPlan("102", "KIS", "Kiswahili", _F, "844", hard=4),
    SubjectPlan("121", "MAT", "Mathematics", _F, "844", hard=16),
    SubjectPlan("231", "BIO", "Biology", _F, "844", hard=8),
    SubjectPlan("232", "PHY", "Physics", _F, "844", hard=8),
    SubjectPlan("233", "CHE", "Chemistry", _F, "844", hard=12),
    SubjectPlan("311", "HIS", "History and Government", _F, "844", hard=1),
    SubjectPlan("312", "GEO", "Geography", _F, "844", hard=4),
    SubjectPlan("313", "CRE", "Christian Religious Education", _F, "844", hard=-4),
    SubjectPlan("441", "HSC", "Home Science", _F, "844"),
    SubjectPlan("443", "AGR", "Agriculture", _F, "844", hard=2),
    SubjectPlan("451", "COM", "Computer Studies", _F, "844"),
    SubjectPlan("565", "BST", "Business Studies", _F, "844", hard=2),
    SubjectPlan("ENG", "ENG", "English", _S),
    SubjectPlan("KIS", "KIS", "Kiswahili", _S, hard=3),
    SubjectPlan("MAT", "MAT", "Mathematics", _S, hard=9),
    SubjectPlan("CSL", "CSL", "Community Service Learning", _S, hard=-8),
    SubjectPlan("BIO", "BIO", "Biology", _S, hard=3),
    SubjectPlan("CHE", "CHE", "Chemistry", _S, hard=5),
    SubjectPlan("PHY", "PHY", "Physics", _S, hard=4),
    SubjectPlan("HIS", "HIS", "History and Citizenship", _S),
    SubjectPlan("GEO", "GEO", "Geography", _S),
    SubjectPlan("CRE", "CRE", "Christian Religious Education", _S, hard=-5),
    SubjectPlan("BST", "BST", "Business Studies", _S),
    SubjectPlan("FNA", "FNA", "Fine Art", _S, hard=-3),
    SubjectPlan("MUD", "MUD", "Music and Dance", _S, hard=-4),
    SubjectPlan("SPR", "SPR", "Sports and Recreation", _S, hard=-6),
)
OPTIONS = (
    Option(
        _F,
        tuple(
            ("PHY", humanity, practical) if science else (humanity, other, practical)
            for science, humanity, other, practical in (
                (True, "GEO", "", "BST"), (True, "CRE", "", "AGR"), (True, "HIS", "", "COM"), (True, "GEO", "", "COM"),
                (False, "HIS", "CRE", "BST"), (False, "GEO", "CRE", "HSC"), (False, "HIS", "GEO", "AGR"),
            )
        ),
    ),
    Option(
        _S,
        (
            ("BIO", "CHE", "PHY"), ("BIO", "CHE", "PHY"), ("BIO", "CHE", "GEO"),
            ("HIS", "GEO", "BST"), ("HIS", "CRE", "BST"), ("GEO", "CRE", "BST"),
            ("FNA", "MUD", "SPR"),
        ),
    ),
)  # fmt: skip
_ALL = (SENIOR, FORMS)
_PAIRS = (
    ("ENG",), ("ENG",), ("ENG",), ("ENG",), ("KIS",), ("KIS",), ("KIS",), ("KIS",), ("MAT", "PHY"), ("MAT",), ("MAT",),
    ("MAT", "BST"), ("BIO", "AGR"), ("BIO", "CHE"), ("BIO",), ("CHE",), ("CHE", "PHY"), ("PHY", "COM"), ("HIS", "CRE"),
    ("HIS", "KIS"), ("GEO",), ("GEO", "BST"), ("CRE",), ("CRE", "CSL"), ("AGR",), ("HSC", "CSL"), ("COM",), ("BST",),
    ("FNA", "CSL"), ("MUD", "SPR"), ("SPR", "CSL"),
)  # fmt: skip
_CLASSES = [f"{level.name} {stream}" for level in SIZES for stream in STREAMS]
STAFF = (
    StaffPlan("Margaret Owuor", "F", "Chief principal", roles=("head",)),
    StaffPlan("Naomi Chepkemoi", "F", "Registrar", roles=("registrar",)),
    StaffPlan("David Mutiso", "M", "Bursar", roles=("bursar",)),
    StaffPlan("Lucy Wangui", "F", teaches=("MAT", "PHY"), stages=_ALL, class_name="Form 3 North"),
    StaffPlan("Hellen Simiyu", "F", "Deputy principal", teaches=("HIS",), stages=_ALL),
    *(
        StaffPlan(teaches=pair, stages=_ALL, class_name=name)
        for pair, name in zip(
            _PAIRS,
            [*(name for name in _CLASSES if name != "Form 3 North"), *[""] * (len(_PAIRS) - len(_CLASSES) + 1)],
            strict=True,
        )
    ),
    StaffPlan(title="School nurse", sex="F", roles=()),
    StaffPlan(title="Boarding mistress", sex="F", roles=()),
    StaffPlan(title="Boarding mistress", sex="F", roles=()),
    StaffPlan(title="Librarian", sex="F", roles=()),
    StaffPlan(title="Cateress", sex="F", roles=()),
    StaffPlan(title="Laboratory technician", roles=()),
)
_HOME = "Form 3 North"
FAMILIES = (
    FamilyPlan(
        (
            ChildPlan("Neema Akoth Odera", "F", _HOME, "luo", born=(7, 19)),
            ChildPlan("Tumaini Awuor Odera", "F", "Grade 10 Hill", "luo"),
        ),
        (
            AdultPlan("Rosemary Odera", "mother", "0721 660 415"),
            AdultPlan("Walter Odera", "father", "0733 918 204"),
        ),
    ),
)

PLAN = SchoolPlan(
    kind="baraka",
    name="Baraka Girls' High School",
    mail="baraka.example",
    facts={
        "short_name": "Baraka Girls",
        "place": "Eldoret",
        "county": "Uasin Gishu",
        "motto": "Strive and serve",
        "emblem": "book",
        "accent": "#1f4f8b",
    },
    streams=STREAMS,
    classes=tuple(
        ClassPlan(level, stream, size)
        for level, sizes in SIZES.items()
        for stream, size in zip(STREAMS, sizes, strict=True)
    ),
    subjects=SUBJECTS,
    options=OPTIONS,
    staff=STAFF,
    families=FAMILIES,
    towns=("Eldoret", "Nakuru", "Kitale", "Kisumu", "Nairobi", "Kericho", "Bungoma", "Kakamega", "Kapsabet", "Iten"),
    girls_only=True,
    boarding=True,
    prefix="",
    first_number=7301,
    siblings=(86, 12, 2, 0),
    away=0.026,
    users={
        "head": "margaret.owuor@baraka.example",
        "registrar": "naomi.chepkemoi",
        "teacher": "lucy.wangui",
        "bursar": "david.mutiso",
        "guardian": "rosemary.odera",
        "student": "neema.odera",
    },
    not_taken=("Form 3 North", "Grade 10 West"),
    mid_term={(_HOME, "MAT"): 31, (_HOME, "PHY"): 0},
)
