"""What a right is for is told by the commands that need it."""

from graphql import GraphQLEnumType

from tests.built import CATALOGUE, SCHEMA


def _texts() -> dict[str, str]:
    actions = SCHEMA.type_map["Action"]
    assert isinstance(actions, GraphQLEnumType)
    return {name: value.description or "" for name, value in actions.values.items()}


def test_it_is_told_by_every_command_that_needs_it() -> None:
    texts = _texts()
    assert texts["COMPOUND_CLOSE"] == "停用小区 / Close a compound (closeCompound)"
    for offer in CATALOGUE.offers.values():
        right = f"{offer.command.policy}_{offer.command.action}".replace(".", "_").upper()
        assert f"({offer.name})" in texts[right]
    assert "openFund" in texts["COMPOUND_REFER"]
    assert texts["COMPOUND_READ"] == "查看：小区 / See: A residential compound"
