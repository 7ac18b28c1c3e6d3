"""Faults of deleting a person: what is others' goes with them, or comes back."""

from tests.proof.defects.words import Defect

NAMING, CALLING = "tests/audit/test_what_names.py", "tests/audit/test_phones.py"
WORDS, READING, PHONES = (f"services/audit/{name}.py" for name in ("words", "reading", "phones"))

FORGETTING = (
    Defect(
        "a deleted person's login is taken out of the middle of others' words",
        WORDS,
        'return f"{before}({re.escape(letters(stored))})(?!{joins}*[{beside}])"',
        "return re.escape(letters(stored))",
        (NAMING,),
    ),
    Defect(
        "a place is taken out of others' texts because somebody who is deleted lived there",
        WORDS,
        "for words in (self.naming, self.beside))",
        "for words in ((*self.naming, *self.beside), ()))",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name is taken out of a longer one that somebody else has",
        WORDS,
        "goes = [span for span in own if not others.hold(span)]",
        "goes = own",
        (NAMING,),
    ),
    Defect(
        "a deleted person's login or address is taken out of a name that somebody else has",
        READING,
        "return self._reached(bisect_left(self._starts, span[1])) > span[0]",
        "return False",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name stays where another word ends as somebody's longer name begins",
        WORDS,
        'return f"(?<![{beside}])" if start else "", ',
        'return "", ',
        (NAMING,),
    ),
    Defect(
        "a longer name that is drawn out loses the name in it, beside other characters",
        WORDS,
        'yield from _found(re.compile(self._out(" +")), read)',
        "return",
        (NAMING,),
    ),
    Defect(
        "a deleted person's address is taken out of a longer one, which is somebody else's",
        WORDS,
        "map(_address,",
        "map(re.escape,",
        (NAMING,),
    ),
    Defect(
        "a deleted person's name stays where a letter's accent is written apart",
        READING,
        'composed(_ADORNING.sub("", written[0].translate(_ALIKE))).lower()',
        "written[0].translate(_ALIKE).lower()",
        ("tests/audit/test_accents.py",),
    ),
    Defect(
        "a deleted person's phone stays where it is written with blanks",
        PHONES,
        '_USUAL, _ANY = f"[{BLANK}{HYPHEN}]", f"[{BLANK}{OTHER}{HYPHEN}]?"',
        '_USUAL, _ANY = f"[{BLANK}{HYPHEN}]", ""',
        (CALLING,),
    ),
    Defect(
        "another number loses its end before a deleted person's phone",
        PHONES,
        " and _ends_none(said, place):",
        ":",
        (CALLING,),
    ),
    Defect(
        "a deleted person's name stays beside that of somebody who was deleted before",
        READING,
        "if written[0] == NOBODY:",
        "if False:",
        (NAMING,),
    ),
    Defect(
        "a date is taken for a deleted person's phone",
        PHONES,
        "_told(NO_CODE, _grouped(digits, groups))",
        "_told(NO_CODE, _ANY.join(digits))",
        (CALLING,),
    ),
    Defect(
        "a company's number goes with the extension of somebody who is deleted",
        PHONES,
        "if self.extension:",
        "if False:",
        (CALLING,),
    ),
    Defect(
        "a room's number before a deleted person's phone goes as an area's code",
        PHONES,
        "maybe = not _LOOSE.match(told, group.start()) or _AS_CODE.match(said.letters, place)",
        "maybe = True",
        (CALLING,),
    ),
    Defect(
        "half of a bracket goes with a deleted person's phone",
        PHONES,
        "yield from _bracketed(said.letters, self._start(said, told, at, found), end)",
        "yield self._start(said, told, at, found), end",
        (CALLING,),
    ),
    Defect(
        "a deleted person's name is taken out of two words with a blank between them",
        WORDS,
        "(?<![{IDEOGRAPH}]){self._out(' *')}(?![{IDEOGRAPH}])",
        "{self._out(' *')}",
        (NAMING,),
    ),
    Defect(
        "a text that names a deleted person otherwise than it is stored is not looked at",
        WORDS,
        'for each in map(chr, range(ord("A"), CASES)) if each.lower() == letter.lower())',
        "for each in ())",
        ("tests/audit/test_texts_found.py",),
    ),
    Defect(
        "a deletion puts back what somebody changed while it read",
        "services/audit/mentions.py",
        ".with_for_update(key_share=True, of=table)",
        "",
        ("tests/audit/test_stale_forms.py",),
    ),
    Defect(
        "names of things that name a deleted person are not told of, where a table is forgotten",
        "services/audit/free_text.py",
        "(units.c.name, units.c.path),",
        "",
        ("tests/audit/test_texts_counted.py",),
    ),
)
