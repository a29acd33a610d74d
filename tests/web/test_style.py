"""The style sheet and the settings: small, legible, coherent."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from web import pages
from web.settings import Settings

STATIC = Path(pages.__file__).parent / "static"


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "ink, ground",
    [
        ("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("link", "paper"),
        ("link", "sheet"), ("sheet", "green"), ("sheet", "danger"), ("green-dark", "green-pale"),
        ("green-dark", "sheet"), ("danger", "sheet"), ("danger", "paper"), ("amber", "amber-pale"),
        ("ink", "amber-pale"), ("ink", "green-pale"),
    ],
)  # fmt: skip
def test_contrast_is_at_least_four_and_a_half(ink, ground):
    """Every pair of letters and ground in the sheet meets 4.5:1."""
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", (STATIC / "style.css").read_text()))
    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_style_sheet_stays_small_and_old():
    """Under 20 kB, and nothing that Chromium 86 does not know."""
    sheet = (STATIC / "style.css").read_text()
    assert len(sheet.encode()) < 20_000
    assert not re.search(
        r":has\(|:is\(|:where\(|@container|@layer|aspect-ratio|\binset:|\bdvh\b|accent-color", sheet
    )


def test_templates_have_no_inline_script_or_style():
    """The policy forbids them, so none may be written."""
    found = [
        (file.name, hit)
        for file in (STATIC.parent / "templates").rglob("*.html")
        for hit in re.findall(r"<style| style=|<script(?! src)| on[a-z]+=|javascript:", file.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "given",
    [
        {"host": "0.0.0.0"},  # noqa: S104 - the point of the test
        {"host": "192.168.1.5", "public_url": "http://cunyi.cn"},
        {"public_url": "https://cunyi.cn/path"},
        {"public_url": "cunyi.cn"},
        {"port": 0},
        {"colour": "red"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(given):
    """Other machines get TLS or an explicit flag; an address is an address."""
    with pytest.raises(ValidationError):
        Settings(**given)


def test_there_are_at_most_eight_settings_each_explained():
    """More would be a sprawl; each has its help text."""
    assert len(Settings.model_fields) <= 8
    assert all(field.description for field in Settings.model_fields.values())


def test_the_cookie_is_bound_to_tls_wherever_there_is_tls():
    """`__Host-` needs Secure; on loopback a plain name, and no red line."""
    assert Settings(public_url="https://cunyi.cn", host="0.0.0.0").cookie == "__Host-sid"  # noqa: S104
    assert Settings().cookie == "sid"
    assert not Settings().exposed
    assert Settings(host="192.168.1.5", insecure_http=True).exposed
    assert Settings(host="::1", port=81).url == "http://[::1]:81"
