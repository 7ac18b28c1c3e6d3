"""Positions: longitude and latitude in degrees of WGS-84, within China; of another datum they are converted.

Maps of China show GCJ-02, some hundred metres off. Nobody publishes its inverse: the usual formula is applied the
other way round until nothing changes, which is exact to less than a metre. What datum was given is kept.
"""

from collections.abc import Mapping
from decimal import Decimal
from math import cos, pi, radians, sin, sqrt
from typing import Any, TypedDict

from sqlalchemy import ARRAY, CheckConstraint, Column, Computed, Double, Enum, Numeric

from services.described import Described
from services.errors import ProblemCode, rejected
from services.storage.validation import Amiss


class Datum(Described):
    """坐标系 / The datum of a position."""

    WGS84 = "WGS84", "WGS-84：卫星定位、国际地图 / WGS-84: satellite receivers and maps of the world."
    GCJ02 = "GCJ02", "GCJ-02（火星坐标）：国内地图，登记时换算 / GCJ-02: maps of China; converted when recorded."


class Where(TypedDict, total=False):
    """What is said of where something lies: both degrees or none."""

    longitude: float | None
    latitude: float | None
    datum: Datum | None


RANGES = {"longitude": (73, 136), "latitude": (3, 54)}  # of China; no number is in both
# The degrees of longitude of every two of latitude, from 2 on: rough, with the islands, and wide enough for all of it.
BAND, BANDS = (
    2,
    (
        *((108, 120),) * 8,
        (107, 122),
        *((97, 125),) * 3,
        (85, 125),
        (81, 125),
        *((78, 124),) * 2,
        (77, 124),
        (73, 124),
        (73, 125),
        (73, 129),
        (79, 132),
        (79, 134),
        (82, 136),
        (85, 136),
        *((115, 128),) * 2,
    ),
)


def position(*, needed: bool = False) -> tuple[Column[Any], ...]:
    """The columns of a position; none of them has a value where it is not known."""
    return (
        Column("longitude", Numeric(9, 6), nullable=not needed),
        Column("latitude", Numeric(9, 6), nullable=not needed),
        Column("datum", Enum(Datum, name="position_datum"), nullable=not needed),
    )


def spot(*, needed: bool = False) -> Column[Any]:
    """A position as a point of the earth, in metres from its middle: PostgreSQL keeps it, to find distances by."""
    point = Computed("earth_point(longitude, latitude)", persisted=True)
    return Column("spot", ARRAY(Double), point, nullable=not needed)


def in_china(*, needed: bool = False) -> tuple[CheckConstraint, ...]:
    """Degrees of China, so that none are swapped; all of a position or nothing."""
    ranges = [f"{name} BETWEEN {least} AND {most}" for name, (least, most) in RANGES.items()]
    made = CheckConstraint(" AND ".join(ranges), name="position")
    whole = CheckConstraint("num_nulls(longitude, latitude, datum) IN (0, 3)", name="whole_position")
    return (made,) if needed else (made, whole)


def placed(said: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns of the position that is said; none where nothing is said of it, null where there is none any more.

    None either where it is as it is `known`: who sends back what was read, of WGS-84, does not move it. Rejected where
    one of two degrees is missing, out of China, or in the other's place.
    """
    if not said.keys() & {"longitude", "latitude", "datum"} or (known is not None and _unchanged(said, known)):
        return {}
    given = {name: said.get(name) for name in RANGES}
    if all(value is None for value in given.values()) and said.get("datum") is None:
        return {**given, "datum": None}
    _check(given)
    datum = said.get("datum") or Datum.WGS84
    longitude, latitude = given["longitude"], given["latitude"]
    assert longitude is not None
    assert latitude is not None
    if datum == Datum.GCJ02:
        longitude, latitude = to_wgs84(longitude, latitude)
        _still_there({"longitude": longitude, "latitude": latitude})
    return {"longitude": _degrees(longitude), "latitude": _degrees(latitude), "datum": datum}


def _unchanged(said: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    given = [said.get(name) for name in RANGES]
    if None in given or said.get("datum") not in (None, known["datum"]):
        return False
    return [_degrees(value) for value in given if value is not None] == [known[name] for name in RANGES]


def _check(given: Mapping[str, float | None]) -> None:
    amiss = Amiss()
    for name, value in given.items():
        least, most = RANGES[name]
        if value is None:
            zh, en = "经度与纬度须同时填写。", "Longitude and latitude are given together."
            amiss.tell(ProblemCode.INCOMPLETE, name, zh, en)
        elif not least <= value <= most:
            amiss.tell(ProblemCode.INVALID, name, *_refused(given))
    amiss.check()
    longitude, latitude = given["longitude"], given["latitude"]
    assert longitude is not None
    assert latitude is not None
    west, east = BANDS[min(int(latitude - BAND) // BAND, len(BANDS) - 1)]
    if not west <= longitude <= east:
        zh, en = (
            f"纬度 {latitude:g} 度处，此经度不在中国境内。",
            f"At latitude {latitude:g} this longitude is not in China.",
        )
        raise rejected(ProblemCode.INVALID, "longitude", zh, en)


def _still_there(converted: Mapping[str, float]) -> None:
    """Rejected for degrees of GCJ-02 at the very edge, which lie beyond it in WGS-84."""
    amiss = Amiss()
    for name, value in converted.items():
        least, most = RANGES[name]
        if not least <= value <= most:
            zh = f"由 GCJ-02 换算为 WGS-84 后为 {value:.6f} 度，已不在中国境内；请核对坐标系。"
            en = f"From GCJ-02 this comes to {value:.6f} degrees of WGS-84, outside China: is the datum right?"
            amiss.tell(ProblemCode.INVALID, name, zh, en)
    amiss.check()


def _refused(given: Mapping[str, float | None]) -> tuple[str, str]:
    zh = "经度（东经）须为 73 至 136 度，纬度（北纬）须为 3 至 54 度"
    en = "longitude is 73 to 136 degrees east, latitude 3 to 54 degrees north"
    if all(_within(RANGES[name], given[other]) for name, other in zip(RANGES, reversed(RANGES), strict=True)):
        return f"经纬度似乎填反了：{zh}。", f"Longitude and latitude seem to be swapped: {en}."
    return f"不在中国境内：{zh}。", f"This is not in China: {en}."


def _within(range_: tuple[int, int], value: float | None) -> bool:
    return value is not None and range_[0] <= value <= range_[1]


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


# --- GCJ-02 -----------------------------------------------------------------------------------------------------------

AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krasovsky's ellipsoid: half its axis, and squared


def to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """What these degrees of GCJ-02 are in WGS-84."""
    x, y = longitude, latitude
    for _ in range(8):
        shifted = to_gcj02(x, y)
        x, y = x + longitude - shifted[0], y + latitude - shifted[1]
    return x, y


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """What these degrees of WGS-84 are in GCJ-02."""
    x, y = longitude - 105, latitude - 35
    fine = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + fine
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + fine
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    bend = 1 - ECCENTRICITY * sin(radians(latitude)) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (bend * sqrt(bend)) * pi / 180
    parallel = AXIS / sqrt(bend) * cos(radians(latitude)) * pi / 180
    return longitude + east / parallel, latitude + north / meridian
