import pytest

from tests.cast import FINANCEBLOG
from tests.tenants.world import Things, World, acme_and_bolt, things


@pytest.fixture
def world() -> World:
    return acme_and_bolt()


@pytest.fixture
def elsewhere(world: World) -> Things:
    """What Acme has on its other site, where its limited editor does not work."""
    return things(world.acme.house, FINANCEBLOG, "acmes-other")
