"""What must we do: words find the kind, the kind its meetings in order, the register which body may decide."""

import datetime

import pytest

from workflow.core.place import Delegation, Place
from workflow.library import Library
from workflow.routing import advise, found, in_text
from workflow.shelves import SHIPPED

DAY = datetime.date(2026, 3, 2)
LINSHU, NATION = "371329105201", ""


@pytest.fixture(scope="module")
def library() -> Library:
    """The texts that come with the software."""
    return Library(SHIPPED)


@pytest.mark.parametrize(
    "words, kind",
    [("村里要修路", "public_works"), ("想装路灯", "public_works"), ("定误工补贴", "standin_pay"), ("清理河道", "environment_upkeep")],
)  # fmt: skip
def test_words_find_the_kind(library: Library, words: str, kind: str) -> None:
    """What a villager says finds the kind the list has for it, first."""
    assert found(library.catalogue(DAY, LINSHU), words)[0].id == kind


def test_words_of_nothing_in_the_list_find_nothing(library: Library) -> None:
    """Nobody is sent to a procedure by chance."""
    assert found(library.catalogue(DAY), "𠀀𠀁") == []


def test_the_meetings_come_in_order_with_their_numbers(library: Library) -> None:
    """Linshu's 修路: the township's opinion between consultation and deliberation; five days' notice to representatives."""
    catalogue = library.catalogue(DAY, LINSHU)
    advice = advise(library, catalogue, catalogue.by_id["public_works"], {}, LINSHU, DAY)

    assert advice is not None
    titles = [each.title for each in advice.steps]
    assert titles.index("村“两委”商议") < titles.index("镇街出具意见") < titles.index("党员大会审议")
    said = in_text(advice)
    assert "村民代表会议，须有村民会议的授权，提前 5 天通知，书面通知到人、张榜公布" in said
    assert "并且妇女代表的三分之二以上" in said


@pytest.mark.parametrize("last, bodies", [(DAY, ["村民代表会议", "村民会议"]), (DAY - datetime.timedelta(1), ["村民会议"])])  # fmt: skip
def test_the_register_says_whether_representatives_may_decide(
    library: Library, last: datetime.date, bodies: list[str]
) -> None:
    """On the last day of a delegation they may; the day after only the villagers' assembly is shown."""
    delegation = Delegation(frozenset({"public_works"}), datetime.date(2026, 1, 1), last, 1)
    place = Place(LINSHU, delegations=(delegation,))
    catalogue = library.catalogue(DAY, LINSHU)
    advice = advise(library, catalogue, catalogue.by_id["public_works"], {}, place, DAY)

    assert advice is not None
    resolve = next(each for each in advice.steps if each.title == "村民（代表）会议决议")
    assert [each.body for each in resolve.gatherings] == bodies
