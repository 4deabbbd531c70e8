"""Fixtures for the store's tests."""

from tests.road.engines import road

__all__ = ["road"]
