"""Build patronymics and women's families in the style of the Soviet registers.

Kazakh, Kyrgyz, Tajik and Uzbek papers of the older generations keep -ovich/-ovna and -ova.
Rule: the endings of the Russian grammar (after a vowel, y or a hushing sound -evich, else -ovich).
"""

from seeds.names.model import Part

_VOWELS = frozenset("аеёиоуыэюяәөүұіӣӯaeiouʻ")
_HUSHING = frozenset("шжчщцҷ")
_HUSHING_LATIN = ("sh", "zh", "ch", "j")
_LOCAL_ENDINGS = {("o", "M"): "ович", ("o", "F"): "овна", ("e", "M"): "евич", ("e", "F"): "евна"}
_LATIN_ENDINGS = {"M": "vich", "F": "vna"}
_FEMALE_ENDINGS = (
    ("ов", "ov", "а", "a"),
    ("ев", "ev", "а", "a"),
    ("ин", "in", "а", "a"),
)


def name_father(father: Part, sex: str) -> Part:
    """Build the patronymic in -ovich/-ovna from a father's name in Cyrillic."""
    local, latin = father.local, father.latin
    last = local[-1].lower()
    if last in "йь":
        return _end(Part(local[:-1], latin[:-1] if last == "й" else latin), sex, "ye")
    if last == "ӣ":
        return _end(Part(f"{local[:-1]}и", latin), sex, "ye")
    if last in _VOWELS:
        return _end(father, sex, "ye")
    return _end(father, sex, "e" if last in _HUSHING else "o")


def name_father_latin(father: Part, sex: str) -> Part:
    """Build the patronymic from a father's name whose own script is Latin."""
    latin_ending = _LATIN_ENDINGS[sex]
    local = father.local
    if local[-1].lower() in _VOWELS:
        glue = "ye"
    elif local.endswith("y"):
        glue = "e"
    else:
        glue = "e" if local.endswith(_HUSHING_LATIN) else "o"
    return Part(local + glue + latin_ending, father.latin + glue + latin_ending)


def inflect_families(families: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the women's forms, in the same order; families without an ending stay."""
    return tuple(inflect_family(family) for family in families)


def inflect_family(family: Part) -> Part:
    """Return the woman's form of a family in -ov, -ev or -in, Cyrillic or Latin."""
    for local, latin, local_a, latin_a in _FEMALE_ENDINGS:
        if family.local.endswith(local):
            return Part(family.local + local_a, family.latin + latin_a)
        if family.local.endswith(latin):
            return Part(family.local + latin_a, family.latin + latin_a)
    return family


def _end(stem: Part, sex: str, glue: str) -> Part:
    local = stem.local + _LOCAL_ENDINGS[glue[-1], sex]
    return Part(local, stem.latin + glue + _LATIN_ENDINGS[sex])
