"""Faults that somebody could make, each as a small change of the source, and the tests that must notice.

`python -m tests.proof.mutants` makes each of them in a copy of the tree. One whose old text is not there any more is an
error: the source has moved on, and the defect with it.
"""

from dataclasses import dataclass

MODEL = "tests/proof/test_model.py::test_the_model_says_what_the_service_s_predicates_say"
TERMS = "tests/proof/test_model.py::test_a_program_s_terms_only_take_away"
ROUTES = "tests/proof/test_routes.py"
TWINS = "tests/proof/test_twins.py"
NOWHERE = "tests/proof/test_nowhere.py"
CANARIES = "tests/proof/test_canaries.py"
STATE = "tests/proof/test_state.py"
CREDENTIALS = "tests/proof/test_credentials.py"
MISSES = "tests/explain/test_misses.py"


@dataclass(frozen=True)
class Defect:
    """What is changed, why it would be wrong, and the test that runs first."""

    why: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


PAGES, ROWS, OBJECTS = (f"schema/pipeline/sql/{name}.py" for name in ("pages", "rows", "objects"))
SCOPE, ACTOR, DECIDE = (f"policies/{name}.py" for name in ("scope", "actor", "decide"))
BINDING, PLANNER, WRITE, READ, AUTHORIZE = (
    f"schema/pipeline/{name}.py" for name in ("binding", "planner", "write", "read", "authorize")
)
STANDING = "services/access/credentials.py"
RULES = "policies/roles.csv"

DEFECTS = (
    Defect(
        "the count of a page forgets the scope",
        PAGES,
        "            clauses = self._rows.where(page.source, table, above)\n            counted",
        "            clauses = self._rows.where(page.source, table, above)[1:]\n            counted",
        (ROUTES,),
    ),
    Defect(
        "a list forgets the scope",
        ROWS,
        "clauses = [] if rows.scope is None else [self.in_scope(rows.scope, table.c)]",
        "clauses = [] if rows.scope is None or rows.on is None else [self.in_scope(rows.scope, table.c)]",
        (ROUTES,),
    ),
    Defect(
        "an edge forgets the scope",
        ROWS,
        "clauses = [] if rows.scope is None else [self.in_scope(rows.scope, table.c)]",
        "clauses = [] if rows.scope is None or rows.on is not None else [self.in_scope(rows.scope, table.c)]",
        (ROUTES,),
    ),
    Defect("no term lets everything in", ROWS, "if scope else false()", "if scope else true()", (MODEL,)),
    Defect(
        "terms are all asked for instead of any",
        ROWS,
        "return or_(*(self._term(term, row) for term in scope))",
        "return and_(*(self._term(term, row) for term in scope))",
        (MODEL,),
    ),
    Defect(
        "the range of a seat has no end", ROWS, "and_(key >= values[0], key < values[1])", "key >= values[0]", (MODEL,)
    ),
    Defect("the range of a seat leaves the seat out", ROWS, "key >= values[0]", "key > values[0]", (MODEL,)),
    Defect(
        "a role is asked for, and not its seat",
        SCOPE,
        "return any(_meets(term, way, key, action) for way in answering(type(term), action) for key in row.get(way, ()))",
        "return any(answering(type(term), action))",
        (MODEL,),
    ),
    Defect(
        "the action is not asked for",
        DECIDE,
        "if (entity, action) in permissions(role)]",
        'if (entity, action) in permissions(role) or (entity, "read") in permissions(role)]',
        (MODEL,),
    ),
    Defect(
        "what units above publish may be changed from below",
        SCOPE,
        "if way not in ELSEWHERE or action in FROM_ELSEWHERE)",
        'if way is not Way.PRESENT or action == "read")',
        (MODEL,),
    ),
    Defect(
        "a company may be changed wherever it works",
        SCOPE,
        "if way not in ELSEWHERE or action in FROM_ELSEWHERE)",
        'if way is not Way.ABOVE or action == "read")',
        (MODEL,),
    ),
    Defect(
        "units are reorganized by those seated at them",
        SCOPE,
        'FROM_ABOVE = frozenset({"recode", "move", "merge", "split"})',
        'FROM_ABOVE = frozenset({"recode", "move", "merge"})',
        (MODEL,),
    ),
    Defect(
        "a narrower seat covers a wider one",
        SCOPE,
        "isinstance(narrow, Within | At) and narrow.path.startswith(wide.path)",
        "isinstance(narrow, Within | At) and wide.path.startswith(narrow.path)",
        ("tests/policies/test_scope.py::test_what_a_wider_seat_covers_is_left_out_and_still_seen",),
    ),
    Defect(
        "node() has no scope",
        PLANNER,
        "rows = Rows(kind, None, self._binder.scope(kind), (self._binder.test(by_id",
        "rows = Rows(kind, None, None, (self._binder.test(by_id",
        (ROUTES,),
    ),
    Defect(
        "a lookup has no scope",
        PLANNER,
        "rows = Rows(kind, None, self._binder.scope(kind), (test,))\n        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path), condition.prefer",
        "rows = Rows(kind, None, None, (test,))\n        return One(spot.key, rows, self._fields(kind, spot.nodes, spot.path), condition.prefer",
        (NOWHERE,),
    ),
    Defect(
        "search has no scope",
        PLANNER,
        "return Ranked(Rows(kind, None, self._binder.scope(kind), (test,))",
        "return Ranked(Rows(kind, None, None, (test,))",
        (ROUTES,),
    ),
    Defect(
        "a facet has no scope",
        PLANNER,
        "scope = None if edge.required else self._binder.scope(kind)",
        "scope = None",
        (ROUTES, CANARIES),
    ),
    Defect(
        "a filter by relation knows of hidden rows",
        BINDING,
        "return Leads(Rows(target, edge.on, self.scope(target), tuple(tests)), wanted)",
        "return Leads(Rows(target, edge.on, None, tuple(tests)), wanted)",
        (TWINS,),
    ),
    Defect(
        "the row looked ahead at is shown",
        PAGES,
        "shown = row.c[PLACE] <= self._rows.bound(page.first) if _looks_ahead(page) else None",
        "shown = None",
        (ROUTES,),
    ),
    Defect(
        "another page follows a full one",
        PAGES,
        "return func.count() > first",
        "return func.count() >= first",
        (ROUTES,),
    ),
    Defect(
        "a cursor belongs to no field",
        "schema/pipeline/plan/cursors.py",
        "json.dumps([coordinate, belongs]",
        "json.dumps([belongs]",
        ("tests/plan/test_cursors.py",),
    ),
    Defect(
        "a cursor is not compared with its proof",
        "schema/pipeline/plan/cursors.py",
        "if not hmac.compare_digest(proof, tag(key, payload)):",
        "if len(proof) != TAG:",
        ("tests/plan/test_cursors.py",),
    ),
    Defect(
        "plans are kept without the shape of the caller's scopes",
        READ,
        "return shape(call.variables.coerced, self._tags), call.actor.shape",
        "return shape(call.variables.coerced, self._tags), ()",
        (ROUTES,),
    ),
    Defect(
        "actors are kept by the token's beginning",
        ACTOR,
        'return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()',
        'return hashlib.sha256(text[:3].encode("utf-8", "surrogatepass")).digest()',
        (ROUTES,),
    ),
    Defect(
        "a program's terms are not asked for",
        ACTOR,
        "return self.seats if allowed is None or entity in allowed else self.seats[-1:]",
        "return self.seats",
        (TERMS,),
    ),
    Defect(
        "a grant narrowed to keeps the others",
        ACTOR,
        "self._narrowed[grant] = replace(self, held=held, _scopes={}, _narrowed={})",
        "self._narrowed[grant] = replace(self, _scopes={}, _narrowed={})",
        (CREDENTIALS,),
    ),
    Defect(
        "narrowing keeps scopes that were decided before",
        ACTOR,
        "replace(self, held=held, _scopes={}, _narrowed={})",
        "replace(self, held=held, _narrowed={})",
        (CREDENTIALS,),
    ),
    Defect(
        "the statement does not compare the revision",
        STANDING,
        ".where(credentials.c.id == id, standing(), accounts.c.revision == revision)",
        ".where(credentials.c.id == id, standing())",
        (CREDENTIALS,),
    ),
    Defect(
        "the statement does not compare the earliest end",
        "schema/pipeline/sql/statement.py",
        "holds = and_(func.now() < until, still_stands(token, revision))",
        "holds = and_(until.is_not(None), still_stands(token, revision))",
        (CREDENTIALS,),
    ),
    Defect(
        "a credential nobody approved stands",
        STANDING,
        "        held.approved_at.is_not(None),\n",
        "",
        (CREDENTIALS,),
    ),
    Defect("a revoked credential stands", STANDING, "        held.revoked_at.is_(None),\n", "", (CREDENTIALS,)),
    Defect("a closed account stands", STANDING, "        owner.closed_at.is_(None),\n", "", (CREDENTIALS,)),
    Defect(
        "a credential that expired stands",
        STANDING,
        "        held.expires_at > func.now(),\n",
        "",
        (CREDENTIALS,),
    ),
    Defect(
        "a revoked grant counts",
        "services/access/tables.py",
        "return and_(grant.revoked_at.is_(None), begun, not_over)",
        "return and_(begun, not_over)",
        (CREDENTIALS,),
    ),
    Defect(
        "a grant counts after its end",
        "services/access/tables.py",
        "grant.since <= func.now(), or_(grant.until.is_(None), grant.until > func.now())",
        "grant.since <= func.now(), or_(grant.until.is_(None), grant.until <= func.now())",
        (CREDENTIALS,),
    ),
    Defect(
        "a command is not held by the revision",
        STANDING,
        "            accounts.c.revision == revision,\n            func.now() < literal(until",
        "            func.now() < literal(until",
        (CREDENTIALS,),
    ),
    Defect(
        "a command is not held by the earliest end",
        STANDING,
        "            func.now() < literal(until, DateTime(timezone=True)),\n",
        "",
        (CREDENTIALS,),
    ),
    Defect(
        "a dry run commits",
        WRITE,
        "    if field.dry_run:\n        raise Undone",
        "    if False:\n        raise Undone",
        (STATE, "tests/writes/test_pipeline.py"),
    ),
    Defect(
        "the version is not compared",
        AUTHORIZE,
        'given.get(name) not in (None, row["version"])',
        "given.get(name) is False",
        ("tests/writes/test_pipeline.py",),
    ),
    Defect(
        "rights of several grants add up in one command",
        AUTHORIZE,
        "return [self.holding(held) for held in self.actor.held if right in permissions(held.role)] or [self.holding()]",
        "return [self]",
        ("tests/writes/test_one_grant.py",),
    ),
    Defect(
        "what may be read may be named in a command",
        "schema/kit/commands.py",
        'action: str = "refer", changed',
        'action: str = "read", changed',
        ("tests/writes/test_one_grant.py",),
    ),
    Defect(
        "the right on the resulting row is not asked for",
        WRITE,
        "        await self._permitted(command, authority, outcome.id)\n        if once",
        "        if once",
        (
            "tests/writes/test_sight.py",
            "tests/writes/test_pipeline.py",
            "tests/organization",
            "tests/oracle/test_mutations_differential.py",
        ),
    ),
    Defect(
        "other rows a command names are found without scope",
        AUTHORIZE,
        "rows = select(table).where(table.c.id.in_(ids), self.within(kind.name, right, table.c)).order_by(table.c.id)",
        "rows = select(table).where(table.c.id.in_(ids), self.within(kind.name, right, table.c) if target else True)"
        ".order_by(table.c.id)",
        (NOWHERE,),
    ),
    Defect(
        "commands tell hidden rows from those that never were",
        AUTHORIZE,
        "raise forbidden(at) if missing and len(visible) == len(set(wanted)) - len(found) else _not_found(at)",
        "raise forbidden(at) if missing else _not_found(at)",
        (NOWHERE,),
    ),
    Defect(
        "a number of what is seen nowhere is a zero",
        "schema/pipeline/plan/counting.py",
        "return scope is None or len(scope) > 0",
        "return True",
        ("tests/demo/test_figures.py", "tests/golden"),
    ),
    Defect(
        "partners read members",
        RULES,
        "p, partner, unit, read\n",
        "p, partner, unit, read\np, partner, member, read\n",
        ("tests/proof/test_rules.py",),
    ),
    Defect(
        "a company sees what it managed once",
        "schema/properties/companies.py",
        "case((holds_today(contract), contract.company_id))",
        "contract.company_id",
        (MODEL,),
    ),
    Defect(
        "a term holds the day after its last",
        "services/terms.py",
        "or_(row.until.is_(None), row.until >= day)",
        "or_(row.until.is_(None), row.until >= day - 1)",
        (MODEL,),
    ),
    Defect(
        "a term does not hold on its last day",
        "services/terms.py",
        "or_(row.until.is_(None), row.until >= day)",
        "or_(row.until.is_(None), row.until > day)",
        (MODEL,),
    ),
    Defect(
        "the revision is compared with less care after a move",
        "services/access/credentials.py",
        "standing(), accounts.c.revision == revision)",
        "standing(), accounts.c.revision >= 0)",
        (STATE,),
    ),
    Defect(
        "a credential nobody used for a year stands",
        STANDING,
        "        func.coalesce(held.last_used_at, held.approved_at) > func.now() - UNUSED,\n",
        "",
        (CREDENTIALS,),
    ),
    Defect(
        "roles are passed on that share one right with the holder's",
        "policies/delegation.py",
        "in permissions(holder) and all(",
        "in permissions(holder) and any(",
        ("tests/access/test_delegation.py",),
    ),
    Defect(
        "roles are passed on to seats beside the holder's",
        "policies/delegation.py",
        "        return covers(wide, narrow)\n",
        "        return True\n",
        ("tests/access/test_delegation.py",),
    ),
    Defect(
        "programs are shown numbers of any few",
        "schema/pipeline/plan/counting.py",
        "declared.distinct, declared.total, binder.smallest())",
        "declared.distinct, declared.total, None)",
        ("tests/programs/test_smallest.py",),
    ),
    Defect(
        "nobody records who was shown contact data",
        PLANNER,
        "if edge.noted is None or scope == ():",
        "if edge is not None:",
        ("tests/audit/test_contact_reads.py",),
    ),
    Defect(
        "a connection outlives what let it in",
        "services/access/standing.py",
        'stands = frozenset(each for each, row in found if row["standing"])',
        "stands = frozenset(each for each, row in found)",
        ("tests/live/test_revocation.py",),
    ),
    Defect(
        "grants that are over are told to whoever once held them",
        ROWS,
        "told = or_(in_force(grant), self.in_scope(missed.told, grant))",
        "told = true()",
        (MISSES,),
    ),
    Defect(
        "a miss tells of seats the asker may not read",
        PLANNER,
        "rows = Rows(kind, None, self._binder.scope(kind), (missed,))",
        "rows = Rows(kind, None, None, (missed,))",
        (MISSES,),
    ),
)
