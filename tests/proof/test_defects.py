"""Every fault of the list can still be made, and the tests that must notice it are there."""

import pytest

from tests.conftest import PROJECT
from tests.proof.defects import DEFECTS, Defect
from tests.proof.mutator import MUTATED


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.why)
def test_it_can_be_made(defect: Defect) -> None:
    assert (PROJECT / defect.file).read_text(encoding="utf-8").count(defect.old) == 1
    assert defect.new != defect.old


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.why)
def test_its_tests_are_there(defect: Defect) -> None:
    for test in defect.tests:
        path, _, name = test.partition("::")
        assert (PROJECT / path).exists()
        assert not name or f"def {name}(" in (PROJECT / path).read_text(encoding="utf-8")


def test_what_is_mutated_is_there() -> None:
    assert [path for path in MUTATED if not (PROJECT / path).is_file()] == []
