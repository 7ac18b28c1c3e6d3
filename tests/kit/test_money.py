"""Money is a text of yuan with two decimals at most; what is none is told how to write one."""

from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType

from tests.built import SCHEMA

SCALAR = SCHEMA.type_map["Money"]


@pytest.mark.parametrize(
    ("text", "amount"), [("51000", "51000.00"), ("0.5", "0.50"), ("-33.34", "-33.34"), ("999999999999.99",) * 2]
)
def test_read_exactly(text: str, amount: str) -> None:
    assert isinstance(SCALAR, GraphQLScalarType)
    assert str(SCALAR.parse_value(text)) == amount
    assert SCALAR.serialize(Decimal(amount)) == amount


@pytest.mark.parametrize(
    "wrong", ["0.001", "1e3", "１００", "", " 1", "1.", ".5", "NaN", "1,000", "9" * 13, 1, 0.5, None]
)
def test_what_is_none(wrong: Any) -> None:
    assert isinstance(SCALAR, GraphQLScalarType)
    with pytest.raises((GraphQLError, ValueError), match=r"51000\.00|not a valid"):
        SCALAR.parse_value(wrong)
