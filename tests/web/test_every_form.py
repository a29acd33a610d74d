"""Lives from examples/ through the pages: every form, check page and receipt of every kind of stage."""

import pytest

from tests.web.playing import Stage, lived
from workflow.cases.lives import EXAMPLES

LIVES = sorted(
    path.stem
    for path in (EXAMPLES / "procedures").glob("*.yaml")
    if "\n走法:\n" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", LIVES)
def test_a_life_is_lived_through_the_pages(install, library, name):
    """What the core decides is what the forms ask for, the check page says and the register keeps; no engine word is read."""
    played = lived(library, EXAMPLES / "procedures" / f"{name}.yaml")
    stage = Stage(install(), played)
    matter = stage.play()
    assert matter.at == played.end
    assert stage.odd == []
