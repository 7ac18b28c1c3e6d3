"""The pages that are measured, and the bytes a client sends to ask for one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OPERATIONS = Path(__file__).with_name("operations")
PEERS = ("service", "floor", "dataloader")
COUNTY = "350521"  # 惠安县: the seat of the administrator who asks


@dataclass(frozen=True, slots=True)
class Workload:
    """One operation, its variables, and how many requests each peer gets in a round.

    Service and floor get the same number. The DataLoader twin gets fewer, about as many as it answers in that time:
    as many would either take minutes or leave the fast ones too few to measure.
    """

    name: str
    variables: Mapping[str, str]
    requests: Mapping[str, int]

    def body(self) -> bytes:
        """The JSON a client posts."""
        query = (OPERATIONS / f"{self.name}.graphql").read_text(encoding="utf-8")
        return json.dumps({"query": query, "variables": self.variables}).encode()

    def request(self, token: str) -> bytes:
        """The whole HTTP request, with the headers a GraphQL client in a browser sends."""
        body = self.body()
        head = (
            "POST /graphql HTTP/1.1",
            "Host: 127.0.0.1",
            "User-Agent: bench",
            "Accept: application/graphql-response+json, application/json;q=0.9",
            "Accept-Language: zh-CN,zh;q=0.9",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join((*head, "", "")).encode() + body


WORKLOADS = (
    # 东桥镇: 4 levels, 282 nodes, 25 KB
    Workload("town_page", {"code": "350521111"}, {"service": 320, "floor": 320, "dataloader": 24}),
    # 螺城镇: 2 levels, 15 nodes, 2 KB
    Workload("small_page", {"code": "350521100"}, {"service": 800, "floor": 800, "dataloader": 80}),
)
