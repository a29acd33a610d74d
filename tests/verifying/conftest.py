"""A register to be copied and changed, and a new installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import Attacker, Copy, begun, copied
from tests.builders import COUNTY, Clock, village
from workflow.installation import Installation, create


@pytest.fixture(scope="session")
def small_register(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A register of two villages and four archived matters, every entry signed."""
    folder = tmp_path_factory.mktemp("register") / "data"
    return begun(folder, f"sqlite:///{folder / 'cunyi.db'}")


@pytest.fixture
def copy(small_register: Copy, tmp_path: Path) -> Iterator[Copy]:
    """A copy of the register."""
    with copied(small_register, tmp_path / "copy") as found:
        yield found


@pytest.fixture
def attacker(copy: Copy) -> Attacker:
    """Somebody with every right on the copy."""
    return Attacker(copy)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    """A new installation with one village."""
    made = create(tmp_path / "data", COUNTY, "临沭县", clock=Clock())
    village(made)
    yield made
    made.database.close()
