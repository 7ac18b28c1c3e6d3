"""What a defect says, the files it is made in, and the tests that notice."""

from dataclasses import dataclass

MODEL = "tests/proof/test_model.py::test_the_model_says_what_the_service_s_predicates_say"
TERMS = "tests/proof/test_model.py::test_a_program_s_terms_only_take_away"
ROUTES = "tests/proof/test_routes.py"
TWINS = "tests/proof/test_twins.py"
DIFFERENTIAL = "tests/oracle/test_differential.py"
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
FILTERS, BINDING, PLANNER = (f"schema/pipeline/plan/{name}.py" for name in ("filters", "binding", "planner"))
WRITE, READ, KEPT, AUTHORIZE = (f"schema/pipeline/run/{name}.py" for name in ("write", "read", "kept", "authorize"))
STANDING = "services/access/credentials.py"
RULES = "policies/roles.csv"
NUMBERS = "schema/pipeline/sql/numbers.py"
COUNTING = "tests/programs/test_counting.py"
TWO_SEATS = "tests/households/test_two_seats.py"
UNTOLD = "tests/households/test_untold.py"
