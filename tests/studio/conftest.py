import pytest

from tests.cast import House, acme


@pytest.fixture
def house() -> House:
    return acme()
