"""The condition that every filter of what has global ids offers: its rows are among those named."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import strawberry
from sqlalchemy import ARRAY, Uuid, any_

from schema.kit.entities import Bind, Condition, Entity
from schema.kit.ids import local_id
from services.errors import bad_input

MOST_IDS = 100


def among_ids(name: str, entity: Entity) -> Mapping[str, Condition]:
    """What everything that has a filter and global ids can be chosen by."""
    if entity.filter is None or entity.tag is None:
        return {}
    tag = entity.tag
    return {
        "id": Condition(
            f"这些全局标识之一，最多 {MOST_IDS} 个 / It has one of these global ids, at most {MOST_IDS}.",
            lambda row, given: row.id == any_(given["ids"]),
            {"ids": Bind(ARRAY(Uuid()), lambda texts: _local(name, tag, texts))},
            annotation=list[strawberry.ID],
        )
    }


def _local(name: str, tag: str, texts: Sequence[str]) -> list[UUID]:
    if len(texts) > MOST_IDS:
        raise bad_input(f"{name} 的标识最多 {MOST_IDS} 个。", f"At most {MOST_IDS} ids of {name}.")
    found = (local_id(text, tag) for text in texts)
    return [each for each in found if each is not None]
