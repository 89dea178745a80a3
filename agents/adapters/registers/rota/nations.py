"""The bank holidays of a nation, by the library `holidays`: authority depends on them."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from holidays import country_holidays

Nation = Literal["england", "wales", "scotland", "northern-ireland"]
SUBDIVISIONS: Mapping[Nation, str] = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern-ireland": "NIR"}
YEARS_BACK, YEARS_AHEAD = 1, 5


def bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    """Every bank holiday of this nation from the year before this one to five years after it, as local days.

    A holiday on a weekend is listed together with its substitute day.
    """
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return frozenset(country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=years))
