"""Invented names in the manner of Kenya's communities: lists of names in use, put together by chance."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Community:
    """How one community names its children."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    counties: tuple[str, ...]
    baptised: bool = True


COMMUNITIES: dict[str, Community] = {
    "kikuyu": Community(
        male=(
            "Kamau", "Mwangi", "Njoroge", "Kariuki", "Maina", "Kimani", "Ndung’u", "Macharia", "Njuguna", "Gitau",
            "Waweru", "Karanja", "Muchiri", "Githinji", "Mbugua", "Kiarie", "Gachanja", "Thuo", "Ndirangu", "Mburu",
        ),
        female=(
            "Wanjiru", "Wambui", "Njeri", "Wangari", "Nyambura", "Wairimu", "Wanjiku", "Muthoni", "Wangui", "Waithera",
            "Gathoni", "Wacera", "Mumbi", "Nyokabi", "Wamaitha",
        ),
        counties=("Nakuru", "Kiambu", "Nyandarua", "Murang’a", "Nyeri", "Laikipia"),
    ),
    "kalenjin": Community(
        male=(
            "Kiprono", "Kipchumba", "Cheruiyot", "Kiptoo", "Kibet", "Koech", "Rotich", "Kimutai", "Langat", "Korir",
            "Kiplagat", "Bett", "Sang", "Kosgei", "Chirchir", "Tanui", "Kirui", "Mutai",
        ),
        female=(
            "Chebet", "Jepkosgei", "Cherono", "Chepkoech", "Jerotich", "Chelangat", "Jepchirchir", "Cheptoo",
            "Chepngetich", "Jebet", "Jelimo", "Chemutai", "Chepkemoi",
        ),
        counties=("Nakuru", "Kericho", "Bomet", "Uasin Gishu", "Nandi", "Baringo", "Elgeyo-Marakwet"),
    ),
    "luo": Community(
        male=(
            "Otieno", "Ochieng", "Odhiambo", "Omondi", "Onyango", "Okoth", "Owino", "Ouma", "Okello", "Oduor", "Opiyo",
            "Ogutu", "Odera", "Owuor",
        ),
        female=(
            "Achieng", "Atieno", "Adhiambo", "Akinyi", "Awuor", "Anyango", "Akoth", "Apiyo", "Auma", "Aoko", "Adongo",
        ),
        counties=("Kisumu", "Siaya", "Homa Bay", "Migori", "Nakuru"),
    ),
    "luhya": Community(
        male=(
            "Wekesa", "Barasa", "Wafula", "Simiyu", "Wanjala", "Makokha", "Mukhwana", "Were", "Lusweti", "Khaemba",
            "Masinde", "Wanyama", "Namasaka", "Sifuna",
        ),
        female=(
            "Nafula", "Nekesa", "Naliaka", "Nasimiyu", "Nanjala", "Khasoa", "Ayuma", "Mmbone", "Imali", "Nabwire",
            "Nelima",
        ),
        counties=("Kakamega", "Bungoma", "Vihiga", "Busia", "Trans Nzoia", "Nakuru"),
    ),
    "kisii": Community(
        male=(
            "Nyakundi", "Ombati", "Momanyi", "Onchiri", "Mogaka", "Nyang’au", "Ogeto", "Makori", "Omwenga", "Bosire",
            "Nyamweya", "Onsongo",
        ),
        female=(
            "Moraa", "Kemunto", "Nyaboke", "Kerubo", "Bosibori", "Nyanchama", "Gesare", "Mokeira", "Bochaberi",
        ),
        counties=("Kisii", "Nyamira", "Nakuru"),
    ),
    "kamba": Community(
        male=(
            "Mutua", "Musyoka", "Kioko", "Mutiso", "Muli", "Makau", "Nzioka", "Kilonzo", "Mwanzia", "Mutinda", "Nthiga",
        ),
        female=(
            "Mwende", "Ndinda", "Mueni", "Kalekye", "Wayua", "Mutheu", "Ndunge", "Syombua", "Nthenya", "Katunge",
        ),
        counties=("Machakos", "Kitui", "Makueni", "Nakuru"),
    ),
    "meru": Community(
        male=("Mwiti", "Kirimi", "Mutuma", "Muriuki", "Kinyua", "Gitonga", "Murithi", "Koome", "Kithinji", "Mugambi"),
        female=("Kendi", "Kagendo", "Makena", "Gacheri", "Karimi", "Nkatha", "Kinya", "Mukami"),
        counties=("Meru", "Tharaka-Nithi", "Embu"),
    ),
    "maasai": Community(
        male=("Lekishon", "Saitoti", "Lemayian", "Parsitau", "Sironka", "Kuyoni", "Sankale", "Leteipa"),
        female=("Naserian", "Nashipae", "Naisula", "Resian", "Sanaipei", "Simaloi", "Nasieku"),
        counties=("Narok", "Kajiado", "Nakuru"),
    ),
    "coast": Community(
        male=(
            "Hassan", "Ali", "Abdi", "Mohamed", "Omar", "Yusuf", "Ibrahim", "Hussein", "Salim", "Bakari", "Juma",
            "Rashid", "Abdullahi", "Adan",
        ),
        female=(
            "Amina", "Halima", "Fatuma", "Leila", "Zainab", "Khadija", "Rahma", "Mwanaisha", "Asha", "Rehema", "Hodan",
            "Saida", "Nasra",
        ),
        counties=("Mombasa", "Kwale", "Kilifi", "Garissa", "Wajir", "Nakuru"),
        baptised=False,
    ),
}  # fmt: skip
WEIGHTS = {
    "kikuyu": 31, "kalenjin": 22, "luo": 12, "luhya": 13, "kisii": 8, "kamba": 5, "meru": 3, "maasai": 2, "coast": 4,
}  # fmt: skip

GIRLS = (
    "Grace", "Faith", "Mercy", "Joy", "Esther", "Ruth", "Mary", "Ann", "Jane", "Lucy", "Brenda", "Sharon", "Purity",
    "Naomi", "Sarah", "Rebecca", "Lilian", "Caroline", "Diana", "Cynthia", "Winnie", "Beatrice", "Stella", "Daisy",
    "Gloria", "Hope", "Peace", "Patience", "Charity", "Irene", "Linet", "Maureen", "Nancy", "Emily", "Eunice",
    "Tabitha", "Dorcas", "Lydia", "Agnes", "Abigail", "Angela", "Michelle", "Natalie", "Stacy", "Vivian", "Yvonne",
    "Elizabeth", "Margaret", "Monica", "Edith", "Bridget", "Valentine", "Prudence", "Neema", "Tumaini", "Imani",
)  # fmt: skip
BOYS = (
    "Brian", "Kevin", "Dennis", "Daniel", "Ian", "Collins", "Victor", "Samuel", "Joseph", "John", "Peter", "Paul",
    "James", "David", "Stephen", "Michael", "George", "Emmanuel", "Elijah", "Moses", "Joshua", "Caleb", "Timothy",
    "Titus", "Felix", "Allan", "Mark", "Martin", "Nicholas", "Philip", "Robert", "Simon", "Trevor", "Vincent",
    "Wycliffe", "Gideon", "Geoffrey", "Eric", "Edwin", "Derrick", "Clinton", "Benjamin", "Antony", "Alex", "Amos",
    "Isaac", "Ezra", "Nelson", "Baraka", "Jabali",
)  # fmt: skip


def community(chance: random.Random) -> Community:
    """One community, as often as it is met in the Rift Valley's towns."""
    return COMMUNITIES[chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]]


def first_name(chance: random.Random, people: Community, sex: str) -> str:
    """The name that somebody is called by."""
    if not people.baptised:
        return chance.choice(people.female if sex == "F" else people.male)
    return chance.choice(GIRLS if sex == "F" else BOYS)


def own_name(chance: random.Random, people: Community, sex: str, *, but: str) -> str:
    """The name somebody has of the community, other than the family's; none where the father's name follows."""
    if not people.baptised:
        return ""
    return chance.choice([name for name in (people.female if sex == "F" else people.male) if name != but])
