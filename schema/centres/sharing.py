"""What venues and resources that are shared both ways 共建共享 add to units, centres and the indicators: see `area`."""

from policies.scope import Way
from schema.centres import bookings, resources, uses, venues
from schema.centres.bookings import VenueBooking
from schema.centres.resources import SharedResource
from schema.centres.uses import ResourceUse
from schema.centres.venues import TakenTime, Venue
from schema.kit.entities import connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from services.centres.resource_tables import RULES as RESOURCE_RULES
from services.centres.resource_tables import on_offer, used_in_its_year
from services.centres.venue_tables import RULES as VENUE_RULES
from services.centres.venue_tables import counts, in_its_year
from services.organization.paths import at_or_beneath
from services.terms import lasts

ENTITIES = (Venue, TakenTime, VenueBooking, SharedResource, ResourceUse)
OF_UNITS = {
    "shared_resources": edge_to(
        SharedResource,
        connection(
            lambda unit, resource: at_or_beneath(resource.unit_path, unit.path),
            "驻区单位与本单元及所有下级共享的资源 / What partner units share with this unit and all below it.",
        ),
    ),
    "venues": edge_to(
        Venue,
        connection(
            lambda unit, venue: at_or_beneath(venue.unit_path, unit.path),
            "本单元及所有下级的邻里中心开放的场地 / The venues centres of this unit and all below it lend out.",
        ),
    ),
}
OF_CENTRES = {
    "venues": edge_to(
        Venue,
        connection(
            lambda centre, venue: venue.centre_id == centre.id,
            "对外开放的场地 / The venues it lends out.",
            alike=(Way.ABOVE, Way.MEMBER),
        ),
    ),
    "resource_uses": edge_to(
        ResourceUse,
        connection(
            lambda centre, use: use.centre_id == centre.id,
            "使用驻区单位共享资源的记录，限可见的 / When it used what partner units share; of that, what you may see.",
        ),
    ),
}
OWN = {
    "Venue": {
        "bookings": edge_to(
            VenueBooking,
            connection(
                lambda venue, booking: booking.venue_id == venue.id,
                "预订，含已取消的，限可见的：上级单元的场地，预订由上级掌握 / Its bookings, cancelled ones too, of"
                " those you may see: none of a venue of a unit above yours.",
            ),
        ),
        "taken_times": edge_to(
            TakenTime,
            connection(
                lambda venue, time: time.venue_id == venue.id,
                "已占用的时段，不含由谁、为何 / When it is taken: neither by whom nor what for.",
                alike=(Way.ABOVE, Way.MEMBER),
            ),
        ),
    },
    "SharedResource": {
        "uses": edge_to(
            ResourceUse,
            connection(lambda resource, use: use.resource_id == resource.id, "使用记录 / When it was used."),
        ),
    },
}
INDICATORS = {
    "venues": count(
        Venue,
        lambda unit, venue: at_or_beneath(venue.unit_path, unit.path),
        "邻里中心对外开放的场地 / Venues that centres lend out.",
        holding=lambda venue, day: lasts(venue.withdrawn_on, day),
    ),
    "venue_minutes": count(
        VenueBooking,
        lambda unit, booking: at_or_beneath(booking.unit_path, unit.path),
        "当年场地使用分钟数 / Minutes venues were used for, in the year until the day.",
        where=counts,
        total=lambda booking: booking.minutes,
        holding=lambda booking, day: in_its_year(booking.begins_at, day),
    ),
    "venue_visits": count(
        VenueBooking,
        lambda unit, booking: at_or_beneath(booking.unit_path, unit.path),
        "当年场地使用实到人次 / People who came to what venues were booked for, in the year until the day.",
        where=lambda booking: booking.came.is_not(None),
        total=lambda booking: booking.came,
        holding=lambda booking, day: in_its_year(booking.begins_at, day),
    ),
    "shared_resources": count(
        SharedResource,
        lambda unit, resource: at_or_beneath(resource.unit_path, unit.path),
        "驻区单位共享中的资源 / What partner units share.",
        holding=on_offer,
    ),
    "resource_uses": count(
        ResourceUse,
        lambda unit, use: at_or_beneath(use.unit_path, unit.path),
        "当年使用共享资源的次数 / How often it was used, in the year until the day.",
        holding=used_in_its_year,
    ),
}
ROOTS = {
    "venues": listing(Venue, "可见的全部场地 / Every venue you may see.", under=under()),
    "venue_bookings": listing(VenueBooking, "可见的全部预订 / Every booking of a venue you may see.", under=under()),
    "shared_resources": listing(
        SharedResource, "可见的全部共享资源 / Every resource partner units share that you may see.", under=under()
    ),
    "resource_uses": listing(
        ResourceUse, "可见的全部使用记录 / Every use of a shared resource you may see.", under=under()
    ),
}
COMMANDS = {**venues.COMMANDS, **bookings.COMMANDS, **resources.COMMANDS, **uses.COMMANDS}
RULES = {**VENUE_RULES, **RESOURCE_RULES}
