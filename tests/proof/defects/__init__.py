"""Faults that somebody could make, each as a small change of the source, and the tests that must notice.

`python -m tests.proof.mutants` makes each of them in a copy of the tree. One whose old text is not there any more is an
error: the source has moved on, and the defect with it.
"""

from tests.proof.defects.acting import ACTING
from tests.proof.defects.counting import TOLD
from tests.proof.defects.elsewhere import ELSEWHERE
from tests.proof.defects.exporting import OF_A_PERSON
from tests.proof.defects.following import FOLLOWING
from tests.proof.defects.forgetting import FORGETTING
from tests.proof.defects.lists import LISTS
from tests.proof.defects.reading import READING
from tests.proof.defects.vouching import VOUCHING_FOR
from tests.proof.defects.words import Defect as Defect

DEFECTS = (*READING, *TOLD, *ACTING, *VOUCHING_FOR, *FOLLOWING, *ELSEWHERE, *OF_A_PERSON, *FORGETTING, *LISTS)
