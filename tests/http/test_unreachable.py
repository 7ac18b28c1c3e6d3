"""What is not the caller's to see is named beside the data, by whichever way it was asked."""

import pytest

from tests.conftest import Service
from tests.http.asking import Asking
from tests.http.sockets import ask, opened, receive, send

COMMITTEE = ("property_committee", "350521")
CAPTAINS = "{ buildings(first: 1) { nodes { captain { since } } } }"
NOTHING = {"data": {"buildings": {"nodes": [{"captain": None}]}}, "extensions": {"unreachable": ["Building.captain"]}}


def test_it_stands_in_the_response(service: Service) -> None:
    """And where all is within reach, there is no `extensions`."""
    asking = Asking(service.url, service.token(*COMMITTEE))
    assert asking.post(CAPTAINS).json() == asking.get(CAPTAINS).json() == NOTHING
    assert asking.post("{ buildings(first: 1) { nodes { __typename } } }").json().keys() == {"data"}


@pytest.mark.parametrize("operation", [CAPTAINS, f"subscription {CAPTAINS}"])
async def test_it_stands_in_what_a_socket_sends(service: Service, operation: str) -> None:
    async with opened(service) as socket:
        token = service.token(*COMMITTEE)
        await send(socket, type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await receive(socket) == {"type": "connection_ack"}
        await ask(socket, "1", operation)
        assert await receive(socket) == {"id": "1", "type": "next", "payload": NOTHING}
