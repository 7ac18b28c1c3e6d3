"""Faults of deleting a person: what is others' goes with them, or comes back."""

from tests.proof.defects.words import Defect

NAMING = "tests/audit/test_what_names.py"
WORDS = "services/audit/words.py"

FORGETTING = (
    Defect(
        "a deleted person's login is taken out of the middle of others' words",
        WORDS,
        'return f"(?<![{beside}{OF_LOGINS}]){_literal(login)}(?![{beside}_@＿＠－-]|[.．][{beside}{OF_LOGINS}])"',
        "return _literal(login)",
        (NAMING,),
    ),
    Defect(
        "a place is taken out of others' texts because somebody who is deleted lived there",
        WORDS,
        "naming = [*_outside(longer, alone),",
        'naming = [_literal(member["address"] or "350521-"), *_outside(longer, alone),',
        (NAMING,),
    ),
    Defect(
        "a deleted person's name is taken out of a longer one that somebody else has",
        WORDS,
        """return f"(?!{'|'.join(there)}){word}" if there else word""",
        "return word",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name stays where another word ends as somebody's longer name begins",
        WORDS,
        'f"(?<={start}{_spaced(name[:at])})"',
        'f"(?<={_spaced(name[:at])})"',
        (NAMING,),
    ),
    Defect(
        "a deleted person's address is taken out of a longer one, which is somebody else's",
        WORDS,
        "places = [_address(",
        "places = [_literal(",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name stays where a letter's accent is written apart",
        WORDS,
        'base, *marks = [*unicodedata.normalize("NFD", letter)]',
        "base, *marks = [*letter]",
        ("tests/audit/test_accents.py",),
    ),
    Defect(
        "a deleted person's phone stays where it is written with blanks",
        WORDS,
        "return JOINT.join(map(_run, digits))",
        "return _run(digits)",
        (NAMING,),
    ),
    Defect(
        "a date is taken for a deleted person's phone",
        WORDS,
        "_grouped(digits, phone) if len(digits) < min(LOCAL) else _digits(digits)",
        "_digits(digits)",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name is taken out of two words with a blank between them",
        WORDS,
        "|(?<![{IDEOGRAPH}]){_drawn(name)}(?![{IDEOGRAPH}])",
        "|{_drawn(name)}",
        (NAMING,),
    ),
    Defect(
        "names of things that name a deleted person are not told of, where a table is forgotten",
        "services/audit/free_text.py",
        "(units.c.name, units.c.path),",
        "",
        ("tests/audit/test_texts_counted.py",),
    ),
)
