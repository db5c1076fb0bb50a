"""Where a postcode or a place is, and which areas it lies in."""

from directory.places.centres import areas_covering, learn
from directory.places.spot import Spot, locate

__all__ = ["Spot", "areas_covering", "learn", "locate"]
