from collections.abc import Iterator

import pytest

from tenants.scope import tenant_scope
from tests.cast import House, acme


@pytest.fixture
def house() -> Iterator[House]:
    """Acme, with its scope active."""
    ours = acme()
    with tenant_scope(ours.tenant):
        yield ours
