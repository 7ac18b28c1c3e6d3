"""What a worker keeps of the schema is graphql-core's alone."""

import subprocess
import sys

from tests.conftest import PROJECT

KEPT = """
import gc
from strawberry.types.field import StrawberryField
import schema
made = schema.build_schema()
gc.collect()
print(sum(isinstance(each, StrawberryField) for each in gc.get_objects()))
"""
OWN = 100  # fields of Strawberry's own types, and of the few that are written as its classes; the areas have thousands


def test_nothing_leads_back_to_what_it_was_made_of() -> None:
    """In a process that makes no other, as a worker."""
    done = subprocess.run([sys.executable, "-c", KEPT], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < OWN
