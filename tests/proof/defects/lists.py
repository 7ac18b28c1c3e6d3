"""Faults of what is done by lists, or together: rows told of wrongly or not at all, halves that stay done."""

from tests.proof.defects.words import MODEL, Defect

BULK = "tests/writes/test_bulk.py"
PHASES = "tests/properties/test_phases.py"
TOGETHER = "tests/writes/test_together.py"

LISTS = (
    Defect(
        "whoever strikes out a phase lets go of buildings that stand",
        "services/properties/phases.py",
        'buildings.c.phase_id == phase["id"], buildings.c.closed_on.is_not(None)',
        'buildings.c.phase_id == phase["id"]',
        (PHASES,),
    ),
    Defect(
        "a row of a list is changed whatever version its caller saw",
        "schema/pipeline/run/arguments.py",
        'seen is not None and seen != row["version"]',
        "False",
        (BULK,),
    ),
    Defect(
        "of a list only the first problem is told",
        "services/storage/validation.py",
        "for problem in refusal.problems:",
        "for problem in refusal.problems[:1]:",
        (BULK,),
    ),
    Defect(
        "two rows of a survey have one name",
        "services/storage/validation.py",
        "first.setdefault(name, number)",
        "first.get(name, number)",
        (BULK,),
    ),
    Defect(
        "of a command that is refused the values are not looked at",
        "schema/pipeline/run/authorize.py",
        "    if not target:\n        return ()",
        "    if target is not None:\n        return ()",
        ("tests/writes/test_all_at_once.py", BULK),
    ),
    Defect(
        "a name is free that its building keeps",
        "services/properties/surveys.py",
        'if becoming.get(row["id"], row["folded"]) == row["folded"])',
        "if False)",
        (BULK,),
    ),
    Defect(
        "of a person who is on a list twice nothing is told",
        "services/members/commands.py",
        "if _nobody_else(other, known)",
        "if other is known",
        (BULK,),
    ),
    Defect(
        "what is amiss with a list comes as it was found",
        "services/storage/validation.py",
        "key=lambda problem: row_of(problem.field)",
        "key=lambda problem: 0",
        (BULK,),
    ),
    Defect(
        "a row that is not there hides what else is amiss",
        "schema/pipeline/run/arguments.py",
        "self._refused += missing.refused",
        "raise",
        (BULK,),
    ),
    Defect(
        "a name taken meanwhile is told of no row",
        "services/properties/surveys.py",
        "        await _names_of_their_own(tx, amiss, compound, buildings)\n        amiss.check()\n        raise",
        "        raise",
        ("tests/properties/test_races.py",),
    ),
    Defect(
        "a survey changes buildings of another compound",
        "services/properties/surveys.py",
        'building["compound_id"] != compound["id"]',
        "False",
        (BULK,),
    ),
    Defect(
        "a building stands in a phase of another compound",
        "services/properties/phases.py",
        'if phase and phase["compound_id"] != compound:',
        "if False:",
        (PHASES,),
    ),
    Defect(
        "a survey puts buildings into phases only if its first row is of one",
        "services/properties/surveys.py",
        '"storeys", "phase_id")',
        '"storeys")',
        (PHASES,),
    ),
    Defect(
        "a company is not shown the phases of what it manages",
        "schema/properties/phases.py",
        "Way.COMPANY: lambda phase: managers(phase.compound_id),",
        "Way.COMPANY: lambda phase: managers(phase.id),",
        (MODEL, PHASES),
    ),
    Defect(
        "what was asked of a person by a list is known for ever",
        "services/audit/mentions.py",
        'any("row" in line and _row_of(line) in named for line in report)',
        "False",
        ("tests/audit/test_mentions.py",),
    ),
    Defect(
        "a list is charged like one command",
        "schema/pipeline/document/limits.py",
        "sum(given_rows(each.value, self._variables) for each in node.arguments or ())",
        "0",
        (BULK,),
    ),
    Defect(
        "what is to be done together is done one by one",
        "schema/pipeline/run/together.py",
        "return any(each.name.value == ATOMIC for each in operation.directives or ())",
        "return False",
        (TOGETHER,),
    ),
    Defect(
        "after one command the next may not be out of order for a moment",
        "schema/pipeline/run/together.py",
        'await tx.connection.execute("SET CONSTRAINTS ALL DEFERRED")',
        "pass",
        (TOGETHER,),
    ),
    Defect(
        "who changes their own grants cannot go on",
        "schema/pipeline/run/together.py",
        "if body is None and not first:",
        "if body is None and False:",
        (TOGETHER,),
    ),
    Defect(
        "dry runs and others are mixed",
        "schema/pipeline/run/together.py",
        "if field.dry_run != first.dry_run:",
        "if False:",
        (TOGETHER,),
    ),
    Defect(
        "a dry run of several is kept",
        "schema/pipeline/run/together.py",
        "                fields[0].undo()\n",
        "",
        (TOGETHER,),
    ),
)
