"""What the environment may say of certificates."""

from pathlib import Path

import pytest
from environs import ValidationError

from settings.base import endpoint, found, over_tls


@pytest.mark.parametrize("url", ["", "https://acme-v02.api.letsencrypt.org/directory", "https://127.0.0.1:14000/dir"])
def test_an_authority_is_reached_over_tls_or_not_at_all(url: str) -> None:
    over_tls(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:14000/dir", "letsencrypt", "https://", "https://a b/", "file:///etc"]
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        over_tls(url)


def test_a_file_that_is_not_there_is_missed_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch()
    found("")
    found(str(tmp_path / "root.pem"))
    for wrong in (str(tmp_path / "other.pem"), str(tmp_path), "root.pem"):
        with pytest.raises(ValidationError):
            found(wrong)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8443", "edge:443", "[::1]:8443"])
def test_the_edge_has_an_address_and_a_port(address: str) -> None:
    endpoint(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "https://edge:443", "edge:", "::1:8443"])
def test_half_an_address_is_none(address: str) -> None:
    with pytest.raises(ValidationError):
        endpoint(address)
