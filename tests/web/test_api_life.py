"""A matter's whole life through the API alone: tokens, documents, acts, and the check at the end."""

from tests.builders import OPENING, VILLAGE, png
from tests.lives import LIFE
from workflow.core.days import civil_day


def test_the_drainage_matter_goes_to_the_archive_by_api_alone(house, callers):
    """Every act is posted with a person's token and the count of entries it saw; at the end the register holds."""
    secretary = callers("secretary")

    def today():
        return civil_day(house.watch())

    sent = secretary.client.post(
        "/api/documents", files={"file": ("照片.png", png())}, headers=secretary.token
    )
    paper = [sent.json()["digest"]]
    opening = {"facts": dict(OPENING), "acted_on": today().isoformat()}
    opened = secretary.post(f"/places/{VILLAGE}/matters", opening)
    matter, seen = opened.json()["receipt"]["matter"], 1
    for step in LIFE:
        house.watch.forward(days=step.days)
        facts = dict(step.facts(today(), paper))
        body = {"facts": facts, "acted_on": today().isoformat(), "mseq": seen}
        answer = callers(step.who).post(f"/matters/{matter}/actions/{step.action}", body)
        assert answer.status_code == 200, (step.name, answer.json())
        seen = answer.json()["receipt"]["mseq"]

    # Tokens end after a month, and this life took longer.
    secretary = callers("secretary")
    shown = secretary.get(f"/matters/{matter}").json()
    entries = secretary.get(f"/matters/{matter}/entries").json()["entries"]
    assert (shown["mseq"], len(entries)) == (len(LIFE) + 1, len(LIFE) + 1)
    assert "archived" in str(shown)
    checked = secretary.get(f"/places/{VILLAGE}/verify").json()
    assert checked["holds"] is True
