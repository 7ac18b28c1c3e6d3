"""How much the proof tries, in one place; the ordinary suite has about a minute of one core for all of it."""

from tests.depth import TIMES, deep

WORLDS = deep(1)  # of the model against scopes, by role and seat
ROUTES = deep(1)  # of the routes to every row
CANARIES = deep(1)  # worlds; each asked by every role
WILD = deep(2)  # wild documents for each of them
TWINS = deep(1)  # pairs of worlds for each role
NOWHERE = deep(1)  # worlds in which hidden rows are named to commands
STEPS = deep(30)  # of the sequence of grants, revocations, moves and failures

# Of everything the schema has, so much must be answered with something, and so much asked where something is hidden;
# where a part of it is asked in turn, of what that part leads to.
ALLOWED, DENIED = (0.7, 0.93) if TIMES > 1 else (0.2, 0.3)
