"""The statutes we ship, and one claim held against them, for the tests of floors."""

import datetime
from pathlib import Path

from workflow.core.floors import FloorBreach, FloorClaim, check_floors
from workflow.core.statutes import StatuteFile, Statutes
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

FOLDER = Path(__file__).parents[1] / "procedures" / "statutes"
LINSHU, BEIJING = "371329001001", "110105001001"
CHONGQING, HANGZHOU = "500101001001", "330102001001"
BEFORE, SINCE = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)
ORGANIC, COLLECTIVE, PARTY = "组织法（2025年修正）", "农村集体经济组织法", "支部工作条例"
MEASURES, DISCLOSURE = "山东省实施办法（2012年修订）", "山东省村务公开条例（2018年修正）"


def read_statutes() -> Statutes:
    """Read the statute files as the library does."""
    read = [
        (validate(StatuteFile, read_yaml(path.read_bytes(), path.name)), path.name)
        for path in sorted(FOLDER.glob("*.yaml"))
    ]
    return Statutes.of(read)


STATUTES = read_statutes()


def breaches(
    key: str, value: object, day: datetime.date = SINCE, division: str = LINSHU, **context: object
) -> list[FloorBreach]:
    """Hold one claim against the statutes that bind the place on the day."""
    return check_floors([FloorClaim(("here",), key, value, context)], STATUTES, day, division)
