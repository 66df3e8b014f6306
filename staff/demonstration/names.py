"""Invented employers and people. First and last names are paired by chance: a name says nothing about anybody."""

from dataclasses import dataclass
from random import Random

_FIRST = """
Ada Aisha Alan Amara Anil Anna Asha Ben Bola Carmen Chidi Clare Dalia Daniel Devon Ebele Elena Emeka Esther Farah
Femi Grace Hana Harriet Hassan Ife Imran Ines Isla Ivan Jamal Jasmin Joel Kadija Karim Kemi Kofi Lara Leila Leon
Lin Lucia Maya Malik Marcus Mei Miriam Nadia Naomi Neil Nia Noor Ola Omar Patience Paul Priya Rafi Rana Rhys Rosa
Ruth Sade Samir Sara Selma Shan Simone Sofia Tamsin Tariq Tessa Thabo Theo Uma Vera Victor Wanda Yara Yusuf Zainab Zoe
"""
# The two halves of last names, so that they belong to nobody.
_HEADS = "Alder Ash Birch Bram Cope Dun Elm Fern Glen Hart Kes Lark Mar Nether Oak Pen Quill Row Sedge Thorn"
_TAILS = "bourne brook combe dale fell ford garth ham holt ley mead mere ridge stead wick"
FIRST_NAMES = _FIRST.split()
LAST_NAMES = [head + tail for head in _HEADS.split() for tail in _TAILS.split() if head[-1] != tail[0]]


@dataclass(frozen=True)
class Employer:
    name: str
    domain: str
    sector: str
    size: str
    place: str
    member: bool
    package: bool


def _employer(line: str) -> Employer:
    name, sector, size, place, standing = [part.strip() for part in line.split("|")]
    domain = name.lower().replace(" & ", "-").replace(" ", "-").replace("’", "")
    return Employer(name, f"{domain}.example", sector, size, place, "m" in standing, "p" in standing)


# Name | sector | size | main place of work | m: member, p: holds a support package
EMPLOYERS = [
    _employer(line)
    for line in """
Ashgarth Rail | transport | 10000+ | Leeds and York | mp
Birchmere Energy | energy | 1000-9999 | Aberdeen | m
Copefield Housing | charity | 250-999 | Birmingham | mp
Dunwick Bank | finance | 10000+ | London | mp
Elmstead Insurance | finance | 1000-9999 | Norwich | m
Fernholt Foods | manufacturing | 1000-9999 | Leicester | m
Glenbrook University Hospitals | health | 10000+ | Manchester | mp
Hartcombe Council | government | 1000-9999 | Bristol | p
Kesdale Law | legal | 250-999 | London | m
Larkford Media | media | 250-999 | Salford | mp
Marham Logistics | transport | 1000-9999 | Daventry | m
Netherley Water | energy | 1000-9999 | Warrington | m
Oakridge Retail | retail | 10000+ | Milton Keynes | mp
Penstead Software | technology | 250-999 | Cambridge | m
Quillmead Publishing | media | 50-249 | Oxford |
Rowbourne Construction | construction | 1000-9999 | Coventry | mp
Sedgeham Pharmaceuticals | manufacturing | 1000-9999 | Macclesfield | m
Thornwick Airports | transport | 1000-9999 | Gatwick | m
Aldermere College | education | 250-999 | Bradford | p
Bramford Engineering | manufacturing | 1000-9999 | Derby | mp
Copebrook Care | health | 250-999 | Cardiff |
Dunholt Advisers | legal | 10000+ | London | mp
Elmgarth Telecom | technology | 10000+ | Reading | mp
Fernbourne Museums | charity | 50-249 | Liverpool |
Glenstead Estates | construction | 50-249 | Glasgow | m
Hartmere Assurance | finance | 1000-9999 | Edinburgh | m
Kesfell Stores | retail | 10000+ | Nottingham | m
Larkwick University | education | 1000-9999 | Sheffield | mp
""".strip().splitlines()
]


class People:
    """Gives out invented people, each once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._pairs = [(first, last) for last in LAST_NAMES for first in random.sample(FIRST_NAMES, 2)]
        random.shuffle(self._pairs)

    def next(self, domain: str) -> tuple[str, str, str]:
        """First name, last name and work address of somebody new."""
        first, last = self._pairs.pop()
        return first, last, f"{first}.{last}@{domain}".lower()
