"""What catalogs add to units and their indicators."""

from schema.catalog.commands import COMMANDS
from schema.catalog.items import (
    CatalogEntry,
    FunctionCount,
    OperationCount,
    ServiceAdjustment,
    ServiceItem,
    ServiceItemBy,
)
from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
    lookup,
)
from schema.kit.numbers import breakdown
from schema.organization.under import under
from services.catalog.commands import RULES
from services.catalog.tables import (
    stands,
)
from services.organization.paths import at_or_beneath

INHERITED = 4000  # entries of one unit's catalog, most of them from above: they are no fewer further down

AREA = Area(
    entities=(ServiceItem, ServiceAdjustment, CatalogEntry),
    edges={
        "OrgUnit": {
            "service_items": edge_to(
                ServiceItem,
                connection(
                    lambda unit, item: at_or_beneath(item.unit_path, unit.path),
                    "本单元及所有下级发布的服务事项 / What this unit and all below it publish.",
                ),
            ),
            "service_catalog": edge_to(
                CatalogEntry,
                connection(
                    lambda unit, entry: entry.unit_path == unit.path,
                    "服务目录：上级与本单元发布，经逐级增减 / Its catalog, inherited down the tree.",
                    reads=2 * INHERITED,
                ),
            ),
            "service_adjustments": edge_to(
                ServiceAdjustment,
                connection(
                    lambda unit, adjustment: at_or_beneath(adjustment.unit_path, unit.path),
                    "本单元及所有下级的目录调整 / What this unit and all below it say of services.",
                ),
            ),
        },
        "Indicators": {
            "service_operations": breakdown(
                OperationCount,
                ServiceItem,
                lambda unit, item: at_or_beneath(item.unit_path, unit.path),
                "发布的服务，按功能与运营方式 / Services published there and below, by function and operation.",
                where=stands,
            ),
            "catalog_entries": breakdown(
                FunctionCount,
                CatalogEntry,
                lambda unit, entry: entry.unit_path == unit.path,
                "本单元目录，按类别 / Its own catalog by function.",
                reads=INHERITED,
            ),
        },
    },
    roots={
        "service_item": lookup(
            ServiceItem, ServiceItemBy, "一项服务 / One item; null if there is none or it is not yours to see."
        ),
        "service_items": listing(
            ServiceItem, "可见的全部服务事项 / Every item you may see, those published above included.", under=under()
        ),
    },
    commands=COMMANDS,
    rules=RULES,
)
