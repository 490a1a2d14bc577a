"""A correction that was itself wrong."""

import pytest
from django.core.exceptions import ValidationError

from publishing.correcting import reword, withdraw_correction
from publishing.models import Correction
from publishing.writing import correct, write
from tenants.scope import tenant_scope
from tests.cast import acme

pytestmark = pytest.mark.django_db


@pytest.fixture
def correction():
    house = acme()
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="A headline", body="Words.")
        yield correct(article=article, note="It was Tuesday.")


def test_it_is_reworded_and_its_date_stays(correction: Correction):
    reword(correction=correction, note=" It was Wednesday. ", seen="It was Tuesday.")
    kept = Correction.objects.get()
    assert (kept.note, kept.noted_at) == ("It was Wednesday.", correction.noted_at)


def test_it_is_removed(correction: Correction):
    withdraw_correction(correction=correction)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("deed", [withdraw_correction, lambda **told: reword(note="Mine", **told)])
def test_what_somebody_else_changed_meanwhile_is_left(correction: Correction, deed):
    Correction.objects.update(note="Theirs")
    with pytest.raises(ValidationError, match="“Theirs”"):
        deed(correction=correction, seen="It was Tuesday.")
    assert Correction.objects.get().note == "Theirs"
    Correction.objects.all().delete()
    with pytest.raises(ValidationError, match="removed"):
        deed(correction=correction, seen="It was Tuesday.")


def test_a_correction_says_something(correction: Correction):
    with pytest.raises(ValidationError, match="says what was wrong"):
        reword(correction=correction, note=" \n")
