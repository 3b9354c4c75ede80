"""Apps that patients of the deck choose."""

from tests.server.smart.conftest import registered  # noqa: F401 - the same fixture
