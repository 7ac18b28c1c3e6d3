"""Faults of who is told what of the trail, and of units that have gone: of what they do not read there."""

from tests.proof.defects.words import Defect

FOLLOWED, FORMER = "tests/audit/test_following.py", "tests/audit/test_former_units.py"
SIFTED, TOWNS = "tests/audit/test_sifting.py", "tests/audit/test_two_towns.py"
GONE = "tests/audit/test_gone_elsewhere.py"
ENTRIES, PLACES = "schema/audit/entries.py", "schema/audit/places.py"
OF_ANY = "found.where(answers(change), tables).exists()"
SQL, PLAN = (f"schema/pipeline/{of}/telling.py" for of in ("sql", "plan"))
EXISTS = "found.where(answers(change), tables, commands).exists()"

FOLLOWING = (
    Defect(
        "the trail is followed wherever something else is read",
        SQL,
        EXISTS,
        "found.where(tables, commands).exists()",
        (FOLLOWED,),
    ),
    Defect(
        "a change is followed whatever it is of",
        SQL,
        EXISTS,
        "found.where(answers(change), commands).exists()",
        (FOLLOWED,),
    ),
    Defect(
        "a change is followed whatever its command is of",
        SQL,
        EXISTS,
        "found.where(answers(change), tables).exists()",
        (FOLLOWED,),
    ),
    Defect(
        "a change is followed where its entry lies, and not its row",
        PLACES,
        'of_entry(change.entry_id, "command"), change.unit_id)',
        'of_entry(change.entry_id, "command"), of_entry(change.entry_id, "unit_id"))',
        (FOLLOWED,),
    ),
    Defect(
        "a change is followed by whoever may count what it is of",
        PLAN,
        "right, ways = (kind.entity.policy, READ), tuple(",
        'right, ways = (kind.entity.policy, "count"), tuple(',
        (FOLLOWED,),
    ),
    Defect(
        "who suggested a matter is told to whoever follows the trail",
        PLAN,
        " if each.command.followed}",
        "}",
        (FOLLOWED,),
    ),
    Defect(
        "an entry is there for whoever reads the trail where it changed anything",
        SQL,
        OF_ANY,
        "found.where(answers(change)).exists()",
        (TOWNS,),
    ),
    Defect(
        "an entry is there for whoever reads the trail anywhere",
        SQL,
        OF_ANY,
        "found.where(tables).exists()",
        (TOWNS,),
    ),
    Defect(
        "what an entry changed in another town is told where the entry lies",
        ENTRIES,
        "lying(lay, ",
        'lying(lambda change: of_entry(change.entry_id, "unit_id"), ',
        (TOWNS,),
    ),
    Defect(
        "what lay nowhere is told to nobody",
        PLACES,
        'func.coalesce(change.unit_id, of_entry(change.entry_id, "unit_id"))',
        "func.coalesce(change.unit_id)",
        (TOWNS,),
    ),
    Defect(
        "the auditor of a town is not told what a command of another changed there",
        ENTRIES,
        "consists_of=(follows_any, lay_in_gone)",
        "consists_of=(lay_in_gone,)",
        (TOWNS,),
    ),
    Defect(
        "nor what it changed in a unit that has gone",
        ENTRIES,
        "consists_of=(follows_any, lay_in_gone)",
        "consists_of=(follows_any,)",
        (TOWNS,),
    ),
    Defect(
        "the town a row left is not told that it went",
        ENTRIES,
        "    left=left,\n",
        "",
        (GONE,),
    ),
    Defect(
        "administrators are not told that a row left their town",
        PLAN,
        "(entity.follows, *_given(entity.left))",
        "(entity.follows,)",
        (GONE,),
    ),
    Defect(
        "auditors are not told that a row left their town",
        PLAN,
        "(*entity.consists_of, *_given(entity.left))",
        "entity.consists_of",
        (GONE,),
    ),
    Defect(
        "an entry is not there for the town that a row of it left",
        PLACES,
        "_lay(of.c, entry.command, of.c.unit_id, of.c.left_unit_id)",
        "_lay(of.c, entry.command, of.c.unit_id)",
        (GONE,),
    ),
    Defect(
        "that a row left a unit that has gone is told to nobody",
        ENTRIES,
        "    consists_of=(left_gone,),\n",
        "",
        (GONE,),
    ),
    Defect(
        "nor is the entry there",
        PLACES,
        "_among(gone.c.id, of.c.unit_id, of.c.left_unit_id)",
        "_among(gone.c.id, of.c.unit_id)",
        (GONE,),
    ),
    Defect(
        "the town a row left is told what it became",
        "schema/audit/sifting.py",
        'sides = {"before": true(), "after": became}',
        'sides = {"before": true(), "after": true()}',
        (GONE,),
    ),
    Defect(
        "what a row became is told to whoever is told that it went",
        "schema/pipeline/plan/sifting.py",
        "_sifts(binder, catalogue, kind, binder.scope(staying))",
        "_sifts(binder, catalogue, kind, binder.scope(kind))",
        (GONE,),
    ),
    Defect(
        "a correction tells the town a row left what it became",
        "schema/pipeline/plan/sifting.py",
        "kind, binder.scope(whatever, of.entity.policy, READ)))",
        "kind, None))",
        (GONE,),
    ),
    Defect(
        "a correction tells auditors nothing of what became of a row they count",
        "schema/pipeline/plan/sifting.py",
        "kind, binder.scope(whatever, of.entity.policy, READ)))",
        "kind, binder.scope(kind)))",
        (GONE,),
    ),
    Defect(
        "what lay in a unit that has gone is read in its county alone",
        "schema/audit/requests.py",
        "            lambda row: path_of_heir(unit(row)),\n",
        "",
        (FORMER,),
    ),
    Defect(
        "the history of a unit lacks what was done in those it is the heir of",
        "schema/audit/area.py",
        '"OrgUnit": changed_unit',
        '"OrgUnit": changed_by',
        (FORMER,),
    ),
    Defect(
        "where an entry lies is told to whoever is shown it",
        "schema/audit/entries.py",
        'path_of(now_in(entry.unit_id)).scalar_subquery()),\n        told=told_by("request", "unit"),',
        "path_of(now_in(entry.unit_id)).scalar_subquery()),",
        (FORMER,),
    ),
    Defect(
        "a change names units and rows its reader does not read",
        "schema/audit/sifting.py",
        "and_(holds.is_not(None), shown, _led(side, holds, tables, reader, plain))",
        "and_(holds.is_not(None), shown, or_(_has(holds, NAMES), plain))",
        (SIFTED,),
    ),
    Defect(
        "a correction names units and rows its reader does not read",
        "schema/pipeline/sql/objects.py",
        "as_they_are if output.sifts is None else self._sifted(output.sifts)",
        "as_they_are",
        (SIFTED,),
    ),
    Defect(
        "who follows the trail is told what the service keeps for itself",
        "schema/audit/sifting.py",
        "or_(~_has(holds, KEPT), reader.reads(change))",
        "or_(~_has(holds, KEPT), true())",
        (SIFTED,),
    ),
    Defect(
        "whoever reads a change is told all of it",
        "schema/audit/sifting.py",
        "reader.all_of(change)",
        "reader.reads(change)",
        (SIFTED,),
    ),
)
