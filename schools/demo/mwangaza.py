"""Mwangaza School: a mixed day school in Nakuru, PP1 to Grade 9, two streams."""

from schools.demo.plan import AdultPlan, ChildPlan, ClassPlan, FamilyPlan, Level, SchoolPlan, StaffPlan, SubjectPlan

PP, LOWER, UPPER, JUNIOR = "pre-primary", "lower", "upper", "junior"
STREAMS = ("East", "West")
LADDER = (
    Level("PP1", "PP1", 4, PP),
    Level("PP2", "PP2", 5, PP),
    Level("Grade 1", "G1", 6, LOWER),
    Level("Grade 2", "G2", 7, LOWER),
    Level("Grade 3", "G3", 8, LOWER),
    Level("Grade 4", "G4", 9, UPPER),
    Level("Grade 5", "G5", 10, UPPER),
    Level("Grade 6", "G6", 11, UPPER),
    Level("Grade 7", "G7", 12, JUNIOR),
    Level("Grade 8", "G8", 13, JUNIOR),
    Level("Grade 9", "G9", 14, JUNIOR),
)
SIZES = (
    (34, 33), (36, 35), (40, 39), (41, 40), (42, 40), (41, 42), (40, 41), (41, 40), (39, 38), (40, 39), (40, 40),
)  # fmt: skip
SUBJECTS = (
    SubjectPlan("LAN", "LAN", "Language Activities", (PP,)),
    SubjectPlan("MTA", "MTA", "Mathematical Activities", (PP,)),
    SubjectPlan("IND", "IND", "Indigenous Language", (LOWER,)),
    SubjectPlan("MAT", "MAT", "Mathematics", (LOWER, UPPER, JUNIOR), hard=7),
    SubjectPlan("ENG", "ENG", "English", (LOWER, UPPER, JUNIOR)),
    SubjectPlan("KIS", "KIS", "Kiswahili", (LOWER, UPPER, JUNIOR), hard=3),
    SubjectPlan("ENV", "ENV", "Environmental Activities", (PP, LOWER), hard=-3),
    SubjectPlan("SCT", "SCI", "Science and Technology", (UPPER,), hard=2),
    SubjectPlan("ISC", "ISC", "Integrated Science", (JUNIOR,), hard=6),
    SubjectPlan("SST", "SST", "Social Studies", (UPPER, JUNIOR)),
    SubjectPlan("AGN", "AGR", "Agriculture and Nutrition", (UPPER,), hard=-4),
    SubjectPlan("AGR", "AGR", "Agriculture", (JUNIOR,), hard=-4),
    SubjectPlan("PTS", "PTS", "Pre-technical Studies", (JUNIOR,)),
    SubjectPlan("CRE", "CRE", "Christian Religious Education", (PP, LOWER, UPPER, JUNIOR), hard=-5),
    SubjectPlan("CRA", "CRA", "Creative Activities", (PP, LOWER), hard=-5),
    SubjectPlan("CAR", "ART", "Creative Arts", (UPPER,), hard=-3),
    SubjectPlan("CAS", "CAS", "Creative Arts and Sports", (JUNIOR,), hard=-3),
)
_BOTH = (UPPER, JUNIOR)
_SIX = "Grade 6 East"
STAFF = (
    StaffPlan("Jane Njeri", "F", "Head teacher", roles=("head",)),
    StaffPlan("Beatrice Cherono", "F", "Registrar", roles=("registrar",)),
    StaffPlan("Moses Wafula", "M", "Bursar", roles=("bursar",)),
    StaffPlan(
        "Wanjiru Kamau", "F", teaches=("MAT", "SCI"), stages=_BOTH, class_name="Grade 6 East", also=("Grade 7 West",)
    ),
    StaffPlan("Peter Otieno", "M", teaches=("ISC", "MAT"), stages=(JUNIOR,), class_name="Grade 8 West"),
    StaffPlan("Lydia Chepkoech", "F", class_name="Grade 3 West"),
    StaffPlan(
        "Philip Kariuki", "M", "Senior teacher", teaches=("KIS",), stages=_BOTH, class_name="Grade 7 West", also=(_SIX,)
    ),
    StaffPlan("Josephine Moraa", "F", teaches=("SST",), stages=_BOTH, class_name="Grade 6 West", also=(_SIX,)),
    StaffPlan("Daniel Kiptoo", "M", teaches=("AGR", "SCI"), stages=_BOTH, class_name="Grade 5 West", also=(_SIX,)),
    StaffPlan("Grace Nyaboke", "F", teaches=("CRE",), stages=_BOTH, class_name="Grade 4 East", also=(_SIX,)),
    StaffPlan("Samuel Onyango", "M", teaches=("ART", "CAS"), stages=_BOTH, class_name="Grade 5 East", also=(_SIX,)),
    StaffPlan("Esther Mutheu", "F", "Deputy head teacher", teaches=("ENG",), stages=_BOTH, also=(_SIX,)),
    *(StaffPlan(sex="F", class_name=f"PP{step} {stream}") for step in (1, 2) for stream in STREAMS),
    *(
        StaffPlan(class_name=name)
        for name in ("Grade 1 East", "Grade 1 West", "Grade 2 East", "Grade 2 West", "Grade 3 East")
    ),
    StaffPlan(teaches=("MAT", "SCI"), stages=(UPPER,), class_name="Grade 4 West"),
    StaffPlan(teaches=("MAT", "PTS"), stages=(JUNIOR,), class_name="Grade 7 East"),
    StaffPlan(teaches=("ISC", "AGR"), stages=(JUNIOR,), class_name="Grade 8 East"),
    StaffPlan(teaches=("ENG", "SST"), stages=(JUNIOR,), class_name="Grade 9 East"),
    StaffPlan(teaches=("KIS", "CRE"), stages=(JUNIOR,), class_name="Grade 9 West"),
    StaffPlan(teaches=("KIS",), stages=(UPPER,)),
    StaffPlan(teaches=("ENG",), stages=(UPPER,)),
    StaffPlan(teaches=("SST",), stages=(UPPER,)),
    StaffPlan(teaches=("MAT",), stages=_BOTH),
    StaffPlan(teaches=("PTS", "CAS"), stages=(JUNIOR,)),
    StaffPlan(teaches=("AGR", "ART"), stages=(UPPER,)),
    StaffPlan(teaches=("SST", "CRE"), stages=(JUNIOR,)),
    StaffPlan(teaches=("CAS", "ART"), stages=_BOTH),
    StaffPlan(title="School nurse", sex="F", roles=()),
    StaffPlan(title="Librarian", roles=()),
    StaffPlan(title="Driver", sex="M", roles=()),
)


def _one(name: str, sex: str, people: str, number: str = "", adult: AdultPlan | None = None) -> FamilyPlan:
    """A family with one child in Grade 6 East."""
    return FamilyPlan((ChildPlan(name, sex, _SIX, people, number),), (adult,) if adult else ())


FAMILIES = (
    FamilyPlan(
        (
            ChildPlan(
                "Amani Wekesa Barasa", "M", _SIX, "luhya", "A2302", born=(3, 4), upi="C7K4MX", knec="B002417063"
            ),
            ChildPlan("Zawadi Nekesa Barasa", "F", "PP2 East", "luhya"),
        ),
        (
            AdultPlan("Rose Barasa", "mother", "0722 418 093", language="sw"),
            AdultPlan("Peter Barasa", "father", "0710 227 846"),
            AdultPlan("Agnes Nekesa", "aunt_uncle", "0745 113 902", sees_portal=False, may_collect=False),
        ),
    ),
    FamilyPlan(
        (ChildPlan("Amina Hassan", "F", _SIX, "coast", "A2317"), ChildPlan("Yusuf Hassan", "M", "PP2 West", "coast")),
        (AdultPlan("Hassan Ali", "father", "0733 207 551", language="sw"),),
    ),
    FamilyPlan(
        (
            ChildPlan("Ian Njoroge", "M", _SIX, "kikuyu", "A2319"),
            ChildPlan("Ivy Njoroge", "F", "Grade 3 West", "kikuyu"),
            ChildPlan("Samuel Njoroge", "M", "PP2 West", "kikuyu"),
        ),
        (AdultPlan("Lucy Njoroge", "mother", "0727 048 539"),),
    ),
    _one("Brenda Odhiambo", "F", "luo", "A2321", AdultPlan("Millicent Odhiambo", "mother", "0711 620 348")),
    _one("Brian Otieno", "M", "luo", "A2304", AdultPlan("George Otieno", "father", "0720 915 772")),
    _one("Collins Ochieng", "M", "luo", "A2333", AdultPlan("Beatrice Ochieng", "mother", "0798 441 206")),
    _one("Daniel Mutua", "M", "kamba", "A2340", AdultPlan("Josephine Mutua", "mother", "0725 330 918")),
    _one("Dennis Kiprono", "M", "kalenjin", "A2309", AdultPlan("Hellen Kiprono", "mother", "0712 554 001")),
    _one("Esther Mwangi", "F", "kikuyu", "A2311", AdultPlan("Joseph Mwangi", "father", "0701 886 420")),
    _one("Faith Chebet", "F", "kalenjin", "A2325", AdultPlan("Sally Chebet", "mother", "0729 117 663")),
    _one("Grace Muthoni", "F", "kikuyu", "A2312", AdultPlan("Ann Muthoni", "mother", "0716 902 377")),
    _one("Halima Mohamed", "F", "coast", "A2328", AdultPlan("Fatuma Mohamed", "mother", "0734 660 215", "sw")),
    *(
        _one(name, sex, people)
        for name, sex, people in (
            ("Ivy Nyambura", "F", "kikuyu"), ("Joy Jepkosgei", "F", "kalenjin"), ("Kevin Cheruiyot", "M", "kalenjin"),
            ("Leila Abdi", "F", "coast"), ("Mercy Achieng", "F", "luo"), ("Michael Kamau", "M", "kikuyu"),
            ("Moses Kibet", "M", "kalenjin"), ("Naomi Wairimu", "F", "kikuyu"), ("Nelson Omondi", "M", "luo"),
            ("Olive Atieno", "F", "luo"), ("Patience Moraa", "F", "kisii"), ("Paul Maina", "M", "kikuyu"),
            ("Peter Kimani", "M", "kikuyu"), ("Philip Koech", "M", "kalenjin"), ("Purity Wangari", "F", "kikuyu"),
            ("Rahma Ali", "F", "coast"), ("Rehema Juma", "F", "coast"), ("Robert Kimutai", "M", "kalenjin"),
            ("Ruth Jerotich", "F", "kalenjin"), ("Samuel Kariuki", "M", "kikuyu"), ("Sharon Adhiambo", "F", "luo"),
            ("Sheila Cherono", "F", "kalenjin"), ("Stephen Njuguna", "M", "kikuyu"), ("Susan Nyaboke", "F", "kisii"),
            ("Tabitha Ndinda", "F", "kamba"), ("Timothy Wafula", "M", "luhya"), ("Titus Musyoka", "M", "kamba"),
            ("Victor Onyango", "M", "luo"), ("Winnie Akinyi", "F", "luo"),
        )
    ),
    FamilyPlan((ChildPlan("Naserian Lekishon", "F", "Grade 4 West", "maasai"),)),
    FamilyPlan((ChildPlan("Ndinda Makau", "F", "Grade 4 West", "kamba"),)),
    FamilyPlan((ChildPlan("Purity Nafula", "F", "Grade 9 West", "luhya"),)),
    FamilyPlan((ChildPlan("Trevor Omondi", "M", "Grade 9 West", "luo"),)),
    FamilyPlan((ChildPlan("Wambui Maina", "F", "Grade 2 East", "kikuyu"),)),
)  # fmt: skip

PLAN = SchoolPlan(
    kind="mwangaza",
    name="Mwangaza School",
    mail="mwangaza.example",
    facts={
        "short_name": "Mwangaza",
        "place": "Nakuru",
        "county": "Nakuru",
        "motto": "Elimu ni mwanga",
        "emblem": "sun",
        "accent": "#7a2330",
    },
    streams=STREAMS,
    classes=tuple(
        ClassPlan(level, stream, size)
        for level, sizes in zip(LADDER, SIZES, strict=True)
        for stream, size in zip(STREAMS, sizes, strict=True)
    ),
    subjects=SUBJECTS,
    options=(),
    staff=STAFF,
    families=FAMILIES,
    towns=("Lanet", "Section 58", "Milimani", "Kiamunyi", "Njoro", "Free Area", "Shabab", "Pipeline", "Bahati", "Naka"),
    girls_only=False,
    boarding=False,
    prefix="A",
    first_number=2065,
    siblings=(60, 28, 9, 3),
    away=0.032,
    users={
        "head": "jane.njeri@mwangaza.example",
        "registrar": "beatrice.cherono",
        "teacher": "wanjiru.kamau",
        "bursar": "moses.wafula",
        "guardian": "rose.barasa",
        "student": "amani.barasa",
    },
    not_taken=("Grade 3 West", "Grade 6 East", "Grade 8 West"),
    mid_term={
        (_SIX, "MAT"): 28,
        (_SIX, "ENG"): 41,
        (_SIX, "KIS"): 41,
        (_SIX, "SCI"): 17,
        (_SIX, "SST"): 41,
        (_SIX, "AGR"): 9,
        (_SIX, "CRE"): 41,
        (_SIX, "ART"): 0,
        ("Grade 7 West", "MAT"): 0,
    },
    known_marks={
        "A2302": {
            "ENG": (64, 68),
            "KIS": (61, 56),
            "MAT": (78, 82),
            "SCI": (72, 77),
            "SST": (74, 75),
            "AGR": (86, 91),
            "CRE": (70, 70),
            "ART": (60, 62),
        }
    },
    often_away=("A2304",),
    away_now={"A2304": ("A", "", 3), "A2312": ("E", "sick", 2)},
)
