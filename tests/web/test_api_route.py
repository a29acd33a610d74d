"""What must we do, asked by a program: the kinds that words may mean, and the procedure with its meetings."""

import pytest

from tests.web.calling import OTHER, VILLAGE


def test_words_lead_to_kinds_and_a_kind_to_its_meetings(callers):
    """村里要修路 finds the kind; asked for it, the answer has the tier, the steps in order, and each meeting's quorum."""
    secretary = callers("secretary", "read")
    found = secretary.get(f"/places/{VILLAGE}/route", q="村里要修路").json()
    assert "public_works" in [each["kind"] for each in found["kinds"]]
    assert found["advice"] is None
    advice = secretary.get(f"/places/{VILLAGE}/route", kind="public_works", amount_fen=4_800_000).json()[
        "advice"
    ]
    assert (advice["procedure"], advice["tier"]) == ("siyi_lianggongkai", "重大事项")
    assert [each["number"] for each in advice["steps"]] == list(range(1, len(advice["steps"]) + 1))
    bodies = {body["body"]: body["quorum"] for each in advice["steps"] for body in each["gatherings"]}
    assert "三分之二以上" in bodies["村民代表会议"]


def test_the_amount_and_the_answers_choose_the_procedure(callers):
    """A table of amounts gives no advice without one; above its line, and by an answer, another procedure is named."""
    secretary = callers("secretary", "read")

    def asked(kind, **more):
        return secretary.get(f"/places/{VILLAGE}/route", kind=kind, **more).json()["advice"]

    assert asked("contracts", answers="term:short") is None
    assert asked("contracts", answers="term:short", amount_fen=1_000_000)["procedure"] == "yiban_shixiang"
    assert asked("contracts", answers="term:short", amount_fen=1_000_001)["procedure"] == "siyi_lianggongkai"
    assert asked("contracts", answers="term:long", amount_fen=0)["tier"] == "重大事项"


@pytest.mark.parametrize(
    "place, more, status",
    [
        (VILLAGE, {"kind": "nothing"}, 404),
        (VILLAGE, {"kind": "contracts", "answers": "term:forever"}, 422),
        (VILLAGE, {"kind": "contracts", "answers": "other:long"}, 422),
        (VILLAGE, {"kind": "contracts", "answers": "term"}, 422),
        (VILLAGE, {"kind": "contracts", "amount_fen": -1}, 422),
        ("110101001001", {"q": "修路"}, 404),
        (OTHER, {"q": "修路"}, 404),
    ],
)
def test_what_cannot_be_asked_is_refused(callers, place, more, status):
    """An unknown kind or place is not there; answers nobody can give and amounts below nothing are malformed."""
    assert callers("secretary", "read").get(f"/places/{place}/route", **more).status_code == status
