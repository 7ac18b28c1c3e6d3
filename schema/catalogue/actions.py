"""What each right is for, as clients are told: made of the commands that need it, in the words these have anyway."""

from collections.abc import Iterable, Iterator, Mapping

from policies.actor import SEATS
from policies.decide import COUNT, FOLLOW, READ
from schema.catalogue.kinds import Catalogue
from schema.catalogue.offers import Offer, naming
from schema.kit.actions import EXPLAIN, Action, Right
from schema.kit.glossary import short

GRANT = "grant."  # rights of this, each with a role's name behind it, are to grant the role
LOOKING = {READ: ("查看", "See"), COUNT: ("统计", "Count")}


def texts(catalogue: Catalogue) -> Mapping[str, str]:
    """The description of each value of `Action`, by its name, in Chinese and English."""
    offers = catalogue.offers.values()
    needed, named = _by_right(_targets(offers)), _by_right(_named(catalogue, offers))
    return {value.name: _text(catalogue, value.value, needed, named) for value in Action}


def asked(catalogue: Catalogue) -> frozenset[Right]:
    """Every right that something asks for: a rule about any other would say nothing."""
    offers, entities = catalogue.offers.values(), [kind.entity for kind in catalogue.kinds.values()]
    commanded = {right for right, _ in (*_targets(offers), *_named(catalogue, offers))}
    looking = {(entity.policy, action) for entity in entities for action in LOOKING}
    following = {(entity.policy, FOLLOW) for entity in entities if entity.follows}
    granting = {(f"{GRANT}{role}", "create") for role in SEATS}  # see policies.delegation.right_for
    return frozenset({*commanded, *looking, *following, *granting, EXPLAIN})


def _text(
    catalogue: Catalogue, right: Right, needed: Mapping[Right, list[Offer]], named: Mapping[Right, list[Offer]]
) -> str:
    entity, action = right
    if right in needed:
        titles = [(*_title(offer.description), offer.name) for offer in needed[right]]
        return f"{'；'.join(zh for zh, _, _ in titles)} / {'; '.join(f'{en} ({name})' for _, en, name in titles)}"
    if right == EXPLAIN:
        return "询问谁可以做什么、为何 / Ask who may do what, and why."
    if entity.startswith(GRANT) and action not in LOOKING:
        role = entity.removeprefix(GRANT)
        return f"授予角色 {role} / Grant the role {role}."
    zh, en = _whose(catalogue, entity)
    if action in LOOKING:
        look_zh, look_en = LOOKING[action]
        return f"{look_zh}：{zh} / {look_en}: {en}"
    return f"在其他操作中指定：{zh} / Name in {', '.join(offer.name for offer in named.get(right, ()))}: {en}"


def _title(description: str) -> list[str]:
    """How a description begins, in Chinese and in English; what stands in further paragraphs is left out."""
    return short(" ".join(description.partition("\n\n")[0].split())).split(" / ", 1)


def _whose(catalogue: Catalogue, policy: str) -> tuple[str, str]:
    """What the types of a policy are."""
    found = [_title(kind.description) for kind in catalogue.kinds.values() if kind.entity.policy == policy]
    return "、".join(zh for zh, _ in found) or policy, "; ".join(en for _, en in found) or policy


def _targets(offers: Iterable[Offer]) -> Iterator[tuple[Right, Offer]]:
    for offer in offers:
        yield (offer.command.policy, offer.command.action), offer


def _named(catalogue: Catalogue, offers: Iterable[Offer]) -> Iterator[tuple[Right, Offer]]:
    """By the right to name a row beside the target."""
    for offer in offers:
        for word in naming(offer.input):
            policy, _, action = (word.action or "").rpartition(":")
            if word.action is not None:
                for of in word.entities:
                    yield (policy or catalogue.kinds[of].entity.policy, action), offer


def _by_right(pairs: Iterable[tuple[Right, Offer]]) -> Mapping[Right, list[Offer]]:
    found: dict[Right, list[Offer]] = {}
    for right, offer in pairs:
        if offer not in found.setdefault(right, []):
            found[right].append(offer)
    return found
