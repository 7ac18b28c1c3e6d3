"""Faults in how long a token stands by whoever vouches for it, and in who takes their place."""

from tests.proof.defects.words import CREDENTIALS, STANDING, Defect

VOUCHING = "services/access/vouching.py"
ISSUING = "services/programs/issuing.py"
VOUCHED = "tests/programs/test_vouching.py"
SUCCESSORS = "tests/programs/test_successors.py"
GRANTS_GONE = "tests/programs/test_grants_gone.py"

VOUCHING_FOR = (
    Defect(
        "a token outlives what its program was granted",
        STANDING,
        """        or_(owner.kind != literal_column("'PROGRAM'"), granted(owner.id)),\n""",
        "",
        (GRANTS_GONE,),
    ),
    Defect(
        "a token whose grant is gone is said to wait for whoever confirms it",
        "services/programs/states.py",
        "and_(held.revoked_at.is_(None), granted(held.account_id))",
        "held.revoked_at.is_(None)",
        (GRANTS_GONE,),
    ),
    Defect(
        "a token whose grant is gone can be revoked",
        "services/programs/states.py",
        "over = [_said(each.value) for each in (TokenState.REVOKED, TokenState.EXPIRED)]",
        "over = [_said(TokenState.LAPSED.value)]",
        (GRANTS_GONE,),
    ),
    Defect(
        "a token outlives the right of whoever let it stand",
        STANDING,
        "        vouched(held),\n",
        "",
        (CREDENTIALS, SUCCESSORS, "tests/live/test_revocation.py"),
    ),
    Defect(
        "a token outlives the right of its approver",
        VOUCHING,
        "for side in (ISSUER, APPROVER)))",
        "for side in (ISSUER,)))",
        (VOUCHED, CREDENTIALS),
    ),
    Defect(
        "a token stands without who vouches for it on the fourteenth day",
        VOUCHING,
        "func.tstzrange(begins, ends + GRACE)))",
        "func.tstzrange(begins, ends + GRACE, WHOLE)))",
        (VOUCHED,),
    ),
    Defect(
        "a token that ended comes back with its issuer's role",
        VOUCHING,
        "func.tstzrange(since, func.now(), WHOLE)), false())",
        "func.tstzrange(func.now(), func.now(), WHOLE)), false())",
        (VOUCHED, SUCCESSORS),
    ),
    Defect(
        "whoever issued a token answers for it in any role",
        VOUCHING,
        "        or_(false(), *(grant.c.role == role for role in roles)),\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "whoever issued a token answers for it from anywhere",
        VOUCHING,
        "        or_(here, there),\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "whoever issued a token answers for it where its unit was, for ever",
        VOUCHING,
        "owner.c.closed_at, left), NEVER",
        "owner.c.closed_at), NEVER",
        (VOUCHED, SUCCESSORS),
    ),
    Defect(
        "somebody is asked to confirm a token that expires before it would end",
        VOUCHING,
        "last + GRACE < held.expires_at",
        "last < held.expires_at",
        (VOUCHED, SUCCESSORS),
    ),
    Defect(
        "a token ends when its unit moves",
        VOUCHING,
        "        or_(here, there),\n",
        "        here,\n",
        (VOUCHED, SUCCESSORS),
    ),
    Defect(
        "whoever issued a token answers for it by what they will be granted",
        VOUCHING,
        "        grant.c.since <= func.now(),\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "whoever issued a token answers for it by what was revoked before it began",
        VOUCHING,
        "        grant.c.since < ends,\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "whoever issued a token answers for it after their account was closed",
        VOUCHING,
        "grant.c.revoked_at, owner.c.closed_at, left), NEVER",
        "grant.c.revoked_at, left), NEVER",
        (VOUCHED,),
    ),
    Defect(
        "anybody's roles answer for a token",
        VOUCHING,
        "        owner.c.id == side.who(held),\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "another program's unit decides who answers for a token",
        VOUCHING,
        "        program.c.account_id == held.account_id,\n",
        "",
        (VOUCHED,),
    ),
    Defect(
        "whoever issued a token answers for it after somebody else confirmed it",
        VOUCHING,
        "func.coalesce(held.confirmed_by, held.issued_by)",
        "func.coalesce(held.issued_by, held.confirmed_by)",
        (SUCCESSORS,),
    ),
    Defect(
        "whoever confirmed a token had to have answered for it before",
        VOUCHING,
        "func.coalesce(held.confirmed_at, held.created_at)",
        "held.created_at",
        (SUCCESSORS,),
    ),
    Defect(
        "whoever confirmed a token approves it as well",
        ISSUING,
        '(held["confirmed_by"] or held["issued_by"]) == warrant.by',
        'held["issued_by"] == warrant.by',
        (SUCCESSORS,),
    ),
    Defect(
        "whoever approved a token confirms it where two have to",
        ISSUING,
        'held["approved_by"] == warrant.by and not warrant.approves',
        "False",
        (SUCCESSORS,),
    ),
    Defect(
        "a token is confirmed while its issuer answers for it",
        ISSUING,
        '    if not held["issuer_lost"]:\n',
        "    if False:\n",
        (SUCCESSORS,),
    ),
    Defect(
        "a token is approved again while its approver answers for it",
        ISSUING,
        'held["state"] != TokenState.PENDING and not held["approver_lost"]',
        "False",
        (SUCCESSORS,),
    ),
)
