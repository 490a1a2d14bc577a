"""What may be chosen of a brand, whichever front asks: colours that can be read, options of a theme, logos in shape."""

from pathlib import Path

import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from sites_core.branding import COLOURS, BrandForm, ColourField, faults, pages_of, set_logo, time_zones
from sites_core.menus import whole_address
from sites_core.models import Brand
from sites_core.palette import TEXT, contrast
from sites_core.themes import Theme, Tokens, themes

THEME = Theme("t", "T", "", "system", Tokens("#ffffff", "#101010"), Tokens("#101010", "#eeeeee"), Path())
NOTHING = dict.fromkeys(COLOURS, "") | {"accent": "#1f4e79"}
colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(st.fixed_dictionaries({name: colour if name == "accent" else st.just("") | colour for name in COLOURS}))
@settings(deadline=None)
def test_whatever_is_chosen_the_shades_offered_end_in_a_page_that_can_be_read(chosen: dict[str, str]):
    for _ in COLOURS:
        found = list(faults(chosen, THEME))
        if not found:
            break
        chosen = chosen | {fault.column: fault.shade for fault in found}
    assert not list(faults(chosen, THEME))
    for page in pages_of(chosen, THEME):
        assert contrast(page.ink, page.paper) >= TEXT
        assert contrast(page.accent, page.paper) >= TEXT


def test_a_fault_names_the_column_the_contrast_and_the_nearest_shade():
    (fault,) = faults(NOTHING | {"accent": "#777777"}, THEME)
    assert (fault.column, fault.shade) == ("accent", "#757575")
    assert str(fault) == (
        "#777777 on #ffffff has a contrast of 4.4; text needs 4.5. The nearest shade that passes is #757575."
    )


@pytest.mark.parametrize("typed", ["red", "#12345", "#12345g", "url(x)", "#1f4e79; }", "#1f4e79\n#"])
def test_what_is_no_colour_is_refused(typed: str):
    with pytest.raises(ValidationError):
        ColourField().clean(typed)


@pytest.mark.parametrize(("typed", "kept"), [("#1F4E79", "#1f4e79"), ("abc", "#aabbcc"), ("  #fff ", "#ffffff")])
def test_a_colour_is_written_as_people_write_it(typed: str, kept: str):
    assert ColourField().clean(typed) == kept


@pytest.mark.parametrize(
    ("width", "height", "fits"), [(600, 200, True), (1600, 100, True), (1601, 100, False), (10, 31, False)]
)
def test_a_logo_that_would_be_a_line_is_refused(width: int, height: int, fits: bool):
    brand = Brand()
    if fits:
        set_logo(brand, "a" * 64, width, height)
        assert (brand.logo_width, brand.logo_height) == (width, height)
    else:
        with pytest.raises(ValidationError, match="would be a line"):
            set_logo(brand, "a" * 64, width, height)
        assert brand.logo == ""


def test_time_zones_are_those_that_the_database_knows():
    assert {"UTC", "Europe/Berlin"} <= set(time_zones())
    assert "localtime" not in time_zones()


@pytest.mark.django_db
def test_a_form_without_a_logo_of_its_own_leaves_the_logo_alone():
    site = Site.objects.create(domain="a.test", name="A")
    Brand.objects.filter(site=site).update(logo="a" * 64, logo_width=9, logo_height=9)
    brand = Brand.objects.get(site=site)
    form = BrandForm(instance=brand)
    data = {name: form[name].value() for name in form.fields} | {"tagline": "New"}
    form = BrandForm(data=data, instance=brand)
    assert form.is_valid(), form.errors
    assert form.keep() == ["tagline"]
    assert Brand.objects.get(site=site).logo == "a" * 64


@pytest.mark.django_db
def test_the_look_of_a_form_that_is_refused_has_what_is_stored_in_its_place():
    site = Site.objects.create(domain="a.test", name="A")
    form = BrandForm(instance=site.brand)
    data = {name: form[name].value() for name in form.fields}
    form = BrandForm(data=data | {"accent": "#ffff00", "paper": "#ffffff", "tagline": "New"}, instance=site.brand)
    assert not form.is_valid()
    look = form.look()
    assert (look["accent"], look["tagline"]) == ("#1f4e79", "New")
    assert [fault.column for fault in form.faults] == ["accent"]


@pytest.mark.django_db
def test_what_an_empty_colour_looks_like_follows_the_theme_that_is_chosen():
    site = Site.objects.create(domain="a.test", name="A")
    for name, theme in themes().items():
        form = BrandForm(data={"theme": name}, instance=site.brand)
        assert form.colours_when_empty()["paper"] == theme.light.paper
        assert form.colours_when_empty()["ink_dark"] == theme.dark.ink


@pytest.mark.parametrize("address", ["/", " /topics/ ", "https://example.org/@us", "mailto:desk@acme.test?subject=x"])
def test_an_address_of_a_menu_is_whole(address: str):
    assert whole_address(address) == address.strip()


@pytest.mark.parametrize(
    "address", ["https://", "http:evil", "mailto:nobody", "/a b/", "/\u202ea/", "https://x.test/\0"]
)
def test_an_address_that_leads_nowhere_is_refused(address: str):
    with pytest.raises(ValidationError):
        whole_address(address)
