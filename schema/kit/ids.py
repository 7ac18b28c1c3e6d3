"""Global ids: an entity's tag, an underscore, the row's UUID. Opaque to clients, decoded here and nowhere else."""

from uuid import UUID

LONGEST = 64


def split_id(text: str) -> tuple[str, UUID] | None:
    """The tag and UUID of a global id in its one spelling; None for anything else."""
    tag, _, rest = text.partition("_")
    try:
        row = UUID(rest)
    except ValueError:
        return None
    return (tag, row) if str(row) == rest else None


def local_id(text: str, tag: str) -> UUID | None:
    """The UUID of a global id of this tag; None, which no row has, for every other text alike."""
    found = split_id(text)
    return found[1] if found is not None and found[0] == tag else None


def tag_of(text: object) -> str | None:
    """The tag of a global id, or None."""
    found = split_id(text) if isinstance(text, str) and len(text) < LONGEST else None
    return found[0] if found is not None else None
