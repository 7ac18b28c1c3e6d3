"""Positions: within China, not swapped, of WGS-84 whatever datum they were given in."""

from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

import pytest

from services.centres.positions import Datum, placed, to_gcj02, to_wgs84
from services.errors import Rejected


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two positions, longitude first, along the sphere: by haversines."""
    (x, y), (u, v) = ((radians(longitude), radians(latitude)) for longitude, latitude in (one, other))
    return 2 * 6371008.8 * asin(sqrt(sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2))


@pytest.mark.parametrize("where", [(104.0668, 30.5728), (118.7967, 25.0306), (87.6, 43.8), (135.9, 48.3)])
def test_maps_of_china_are_converted(where: tuple[float, float]) -> None:
    """There and back within a decimetre; by 363 metres in Chengdu."""
    assert metres(to_wgs84(*to_gcj02(*where)), where) < 0.1
    assert 200 < metres(to_gcj02(*where), where) < 800
    if where == (104.0668, 30.5728):
        assert round(metres(to_gcj02(*where), where)) == 363


def test_what_was_given_is_kept_and_what_is_told_is_wgs84() -> None:
    said = placed({"longitude": 104.0668, "latitude": 30.5728, "datum": Datum.GCJ02})
    x, y = to_wgs84(104.0668, 30.5728)
    assert said == {"longitude": Decimal(f"{x:.6f}"), "latitude": Decimal(f"{y:.6f}"), "datum": Datum.GCJ02}
    assert placed({"longitude": 118.5, "latitude": 25})["datum"] == Datum.WGS84
    assert placed({"name": "x"}) == {}
    nothing = dict.fromkeys(("longitude", "latitude", "datum"))
    assert placed({"longitude": None, "latitude": None}) == nothing


@pytest.mark.parametrize(
    ("said", "fields", "word"),
    [
        ({"longitude": 25.03, "latitude": 118.79}, ["longitude", "latitude"], "swapped"),
        ({"longitude": 118.79, "latitude": 91}, ["latitude"], "not in China"),
        ({"longitude": 126.98, "latitude": 37.57}, ["longitude"], "not in China"),  # Seoul
        ({"longitude": 135, "latitude": 35}, ["longitude"], "not in China"),
        ({"longitude": 118.79}, ["latitude"], "together"),
        ({"latitude": 25.03, "longitude": None}, ["longitude"], "together"),
        ({"longitude": 2.3, "latitude": 48.8}, ["longitude"], "not in China"),
        ({"longitude": 73.001, "latitude": 39.0, "datum": Datum.GCJ02}, ["longitude"], "From GCJ-02"),
        ({"datum": Datum.WGS84}, ["longitude", "latitude"], "together"),
    ],
)
def test_what_is_no_position(said: dict[str, float], fields: list[str], word: str) -> None:
    with pytest.raises(Rejected) as refused:
        placed(said)
    assert [problem.field for problem in refused.value.problems] == fields
    assert all(word in problem.text.en for problem in refused.value.problems)


@pytest.mark.parametrize(
    "where",
    [
        *(
            (135.08, 48.4),
            (73.5, 39.4),
            (123.0, 53.5),
            (109.5, 18.2),
            (112.3, 3.9),
            (124.6, 25.9),
            (80.2, 42.2),
            (129.9, 42.9),
        ),
        *(
            (124.4, 40.1),
            (97.5, 24.0),
            (102.1, 22.5),
            (78.9, 33.0),
            (122.7, 37.4),
            (87.0, 49.1),
            (134.8, 47.7),
            (86.9, 27.99),
        ),
    ],
)
def test_the_corners_of_the_country_are_in_it(where: tuple[float, float]) -> None:
    assert placed({"longitude": where[0], "latitude": where[1]})["datum"] == Datum.WGS84
