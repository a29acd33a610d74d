"""The JSON API: what programs send, get, and are refused."""

import base64

import pytest

from tests import builders
from tests.web.calling import OTHER, VILLAGE
from workflow.core.checkpoint import Verifier, open_note
from workflow.core.entry import Entry
from workflow.core.tree import leaf_hash, verify_inclusion

FIRST = {
    "due": 5, "present": 4, "in_favour": 4, "against": 0, "abstain": 0, "method": "show_of_hands",
    "place": "村委会", "chair": "王", "recorder": "李", "summary": "同意",
}  # fmt: skip


def first_meeting(house, **more: object) -> dict[str, object]:
    """The body that records the party branch's meeting, the first act after the opening."""
    paper = builders.document(house.here)
    facts = {**FIRST, "minutes": [paper], "sign_in": [paper], **more.pop("facts", {})}
    return {"facts": facts, "acted_on": "2026-03-01", "mseq": 1, **more}


def test_a_matter_is_opened_and_led_on_by_what_it_says_is_open(house, callers):
    """From the kinds to the first meeting a program needs nothing but what the API tells it."""
    secretary = callers("secretary")
    kinds = {each["id"]: each for each in secretary.get("/procedures", place=VILLAGE).json()["kinds"]}
    assert {"kind", "title", "source", "mover"} <= set(kinds["public_works"]["facts"]["required"])

    opened = secretary.post(
        f"/places/{VILLAGE}/matters", {"facts": dict(builders.OPENING), "acted_on": "2026-03-01"}
    )
    assert opened.status_code == 200
    number = opened.json()["receipt"]["matter"]
    shown = secretary.get(f"/matters/{number}").json()
    record = next(each for each in shown["actions"] if each["action"] == "record")
    assert (shown["title"], shown["mseq"], record["yours"]) == ("修建村东排水沟", 1, True)
    assert set(FIRST) <= set(record["facts"]["properties"])

    done = secretary.post(f"/matters/{number}/actions/record", first_meeting(house)).json()
    assert (done["decision"]["outcome"], done["decision"]["to"]) == ("passed", "consult")
    assert (done["receipt"]["matter"], done["receipt"]["mseq"]) == (number, 2)
    listed = secretary.get(f"/places/{VILLAGE}/matters").json()["matters"]
    assert [(each["id"], each["mseq"]) for each in listed] == [(number, 2)]


def test_a_refusal_names_every_reason_and_records_nothing(house, callers, matter):
    """Two wrong counts are two reasons, each with what was found, what is required and what to do."""
    secretary = callers("secretary")
    answer = secretary.post(
        f"/matters/{matter}/actions/record", first_meeting(house, facts={"due": 6, "in_favour": 3})
    )
    assert answer.status_code == 409
    reasons = {each["check"]: each for each in answer.json()["refused"]}
    assert set(reasons) == {"count.due", "count.votes"}
    assert reasons["count.due"].keys() == {"check", "found", "required", "basis", "hint"}
    assert "应到填了 6" in reasons["count.due"]["found"]
    assert secretary.get(f"/matters/{matter}").json()["mseq"] == 1


def test_who_was_late_is_told_who_acted_meanwhile(house, callers, matter):
    """An old `mseq` is a 409 with what the others did, and the number to send next time."""
    callers("secretary").post(f"/matters/{matter}/actions/record", first_meeting(house))
    answer = callers("clerk").post(f"/matters/{matter}/actions/record", first_meeting(house))
    assert answer.status_code == 409
    stale = answer.json()["stale"]
    assert stale["mseq"] == 2
    assert [(each["mseq"], each["actor_name"]) for each in stale["entries"]] == [(2, "书记")]


def test_the_same_key_answers_the_same_receipt_and_no_other_body(house, callers, matter):
    """Sent twice it is recorded once; the key of one act cannot be used for another."""
    secretary, path = callers("secretary"), f"/matters/{matter}/actions/record"
    body = first_meeting(house)
    once, again = (secretary.post(path, body, "one-key") for _ in range(2))
    assert once.json() == again.json()
    assert secretary.get(f"/matters/{matter}").json()["mseq"] == 2
    other = secretary.post(path, {**body, "mseq": 2, "acted_on": "2026-02-28"}, "one-key")
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    "change, fields",
    [
        ({"facts": {"present": "4"}}, {"facts.present"}),
        ({"facts": {"present": -1, "nonsense": 1}}, {"facts.present", "facts.nonsense"}),
        ({"facts": {"minutes": ["sha256:" + "0" * 64]}}, {"facts.minutes"}),
        ({"acted_on": "2026-02-30"}, {"acted_on"}),
        ({"acted_on": 20260301}, {"acted_on"}),
        ({"mseq": None}, {"mseq"}),
        ({"mseq": True}, {"mseq"}),
        ({"more": 1}, {"more"}),
    ],
)
def test_what_cannot_be_read_is_told_field_by_field(house, callers, matter, change, fields):
    """Every malformed field is named with its path in the body; nothing is recorded."""
    secretary = callers("secretary")
    answer = secretary.post(f"/matters/{matter}/actions/record", first_meeting(house, **change))
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == fields
    assert secretary.get(f"/matters/{matter}").json()["mseq"] == 1


@pytest.mark.parametrize("key", [None, "", "汉字", "x" * 129, "epoch-2"])
def test_every_act_needs_a_key_of_its_own(house, callers, matter, key):
    """Without an idempotency key, or with one the register keeps for itself, an act is malformed."""
    secretary = callers("secretary")
    headers = {**secretary.token, **({} if key is None else {"Idempotency-Key": key.encode()})}
    answer = secretary.client.post(
        f"/api/matters/{matter}/actions/record", json=first_meeting(house), headers=headers
    )
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize("day", ["1950-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_without_law_is_malformed(house, callers, day):
    """Before the first catalogue nothing can be opened; the field is named."""
    answer = callers("secretary").post(
        f"/places/{VILLAGE}/matters", {"facts": dict(builders.OPENING), "acted_on": day}
    )
    assert answer.status_code in {409, 422}
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["field"] == "acted_on"


def test_what_a_program_did_is_marked_as_done_by_token(house, callers, matter):
    """The register says that it was a token, and whose."""
    secretary = callers("secretary")
    secretary.post(f"/matters/{matter}/actions/record", first_meeting(house))
    entry = secretary.get(f"/matters/{matter}/entries").json()["entries"][1]["entry"]
    assert (entry["auth"], entry["actor"]) == ("token", house.people.secretary)


@pytest.mark.parametrize("scope", ["read", "witness"])
def test_a_token_does_only_what_it_was_made_for(house, callers, matter, scope):
    """A token to read records nothing; one for witnesses does not even read matters."""
    caller = callers("secretary", scope)
    recorded = caller.post(f"/matters/{matter}/actions/record", first_meeting(house))
    assert recorded.status_code == 403
    assert caller.get(f"/matters/{matter}").status_code == (200 if scope == "read" else 403)


def test_another_village_is_not_there(house, callers):
    """Lists, matters, registers and acts of another village are 404, as if they did not exist."""
    people = builders.People(administrator=house.people.administrator)
    theirs = builders.village(house.here, people, place=OTHER)
    number = builders.life(house.here, theirs, "opened", place=OTHER)
    secretary = callers("secretary")
    for path in (
        f"/places/{OTHER}/matters", f"/places/{OTHER}/register", f"/places/{OTHER}/verify", f"/matters/{number}",
        f"/matters/{number}/entries", "/places/371329999999/matters", "/matters/371329105201-2026-9999",
    ):  # fmt: skip
        assert secretary.get(path).status_code == 404, path
    body = {"facts": {}, "acted_on": "2026-03-01"}
    for path in (f"/places/{OTHER}/matters", f"/places/{OTHER}/actions/set_body"):
        assert secretary.post(path, body).status_code == 404, path
    assert secretary.post(f"/matters/{number}/actions/withdraw", {**body, "mseq": 1}).status_code == 404
    assert secretary.post(f"/matters/{number}/actions/nonsense", {**body, "mseq": 1}).status_code == 404


def test_the_second_office_confirms_what_a_place_has_on_record(house, callers):
    """A count set by the clerk's program waits until the supervisory committee's confirms it."""
    facts = {"body": "rep_assembly", "from": "2026-03-01", "body_all": 47, "reps_all": 41, "women_reps": 16, "vacant": 0}  # fmt: skip
    set_ = callers("clerk").post(
        f"/places/{VILLAGE}/actions/set_body", {"facts": facts, "acted_on": "2026-03-01"}
    )
    assert set_.json()["decision"]["waits_for_confirmation"] is True
    confirms = {"facts": {"confirms": set_.json()["receipt"]["pseq"]}, "acted_on": "2026-03-01"}
    done = callers("vsc_chair").post(f"/places/{VILLAGE}/actions/confirm", confirms)
    assert done.json()["decision"]["outcome"] == "confirmed"
    with house.database.reading() as conn:
        counts = house.here.place(conn, VILLAGE).counts("rep_assembly", house.watch.now.date())
    assert counts["body_all"] == 47


def test_an_administrator_keeps_offices_and_sees_no_matters(house, callers, matter):
    """The people who run the machine do not read the village's affairs."""
    administrator = callers("administrator")
    assert administrator.get(f"/matters/{matter}").status_code == 403
    facts = {"person": "p_new", "office": "liaison", "from": "2026-03-01"}
    granted = administrator.post(
        f"/places/{builders.TOWNSHIP}/actions/grant_office", {"facts": facts, "acted_on": "2026-03-01"}
    )
    assert granted.json()["decision"]["outcome"] == "recorded"


def test_a_correction_is_offered_with_its_own_form(house, callers, matter):
    """Each act that may be corrected comes with the schema of its correction."""
    secretary = callers("secretary")
    secretary.post(f"/matters/{matter}/actions/record", first_meeting(house))
    offered = {each["corrects"]: each for each in secretary.get(f"/matters/{matter}").json()["corrections"]}
    assert "in_favour" in offered[2]["facts"]["properties"]
    assert offered[2]["facts"]["required"] == ["corrects", "reason"]


def test_a_place_gets_its_own_leaves_and_can_prove_them(house, callers, matter):
    """Each leaf leads by its proof to the signed root, the numbers have no gap, no other place's entry is shown."""
    house.here.signer.sign_pending()
    secretary = callers("secretary")
    first = secretary.get(f"/places/{VILLAGE}/register", limit=7).json()
    rest = secretary.get(f"/places/{VILLAGE}/register", after=first["next"]).json()
    leaves = first["leaves"] + rest["leaves"]
    assert [each["pseq"] for each in leaves] == list(range(1, first["count"] + 1))
    assert rest["next"] is None
    signed = secretary.get("/checkpoint").json()
    head = open_note(signed["note"], [Verifier.from_text(signed["key"])])
    assert first["head"] == {name: signed[name] for name in ("origin", "size", "root", "note")}
    for each in leaves:
        leaf = base64.b64decode(each["leaf"])
        proof = [base64.b64decode(one) for one in each["proof"]]
        assert verify_inclusion(each["seq"], head.size, leaf_hash(leaf), proof, head.root)
        assert Entry.from_leaf(leaf).place == VILLAGE
