"""How much the proof tries, in one place; the ordinary suite has about a hundred seconds of one core for all of it."""

import os

TIMES = int(os.environ.get("JINLIN_PROOF", "1"))  # so many times more worlds, for a night

WORLDS = 1 * TIMES  # of the model against scopes, by role and seat
ROUTES = 1 * TIMES  # of the routes to every row
CANARIES = 1 * TIMES  # worlds; each asked by every role
WILD = 4 * TIMES  # wild documents for each of them
TWINS = 1 * TIMES  # pairs of worlds for each role
NOWHERE = 1 * TIMES  # worlds in which hidden rows are named to commands
STEPS = 30 * TIMES  # of the sequence of grants, revocations, moves and failures

# Of everything the schema has, so much must be answered with something, and so much asked where something is hidden.
ALLOWED = 0.7
DENIED = 0.93
