"""What villagers hand in with an objection, who may see it, and what they take away to check elsewhere."""

import pytest

from tests.boards import Board, numbered, posted_at
from tests.builders import VILLAGE, advance_ok, png
from tests.web.sitting import hand_in, hidden, words
from web import rates
from workflow.core.checkpoint import Checkpoint
from workflow.core.days import civil_day
from workflow.core.tree import verify_inclusion
from workflow.store.database import run

PHOTO = ("张三家门口.png", png(7, 5), "image/png")
TOWNSHIP = "371329105"


@pytest.fixture
def posted(install) -> Board:
    """A resolution on the board since today, and people who read about it in their own rooms."""
    board = posted_at(install())
    house = board.house
    for name, group, scope in (
        ("李文书", "secretary", VILLAGE), ("监督员", "committee", VILLAGE), ("镇干部", "township", TOWNSHIP),
    ):  # fmt: skip
        house.person(name, group, scope)
    return board


def lodge(board, *photos, key="a" * 20):
    """Hand in an anonymous objection with these files."""
    data = {"key": key, "content": "排水沟占了通道", "named": "no"}
    files = [("paper[]", each) for each in photos]
    return board.client.post(f"{board.notice}/object", data=data, files=files)


def digests(board):
    """The files of the last entry of the matter."""
    return [one["digest"] for one in board.entries()[-1].documents]


def test_a_photo_comes_with_the_objection_and_twice_is_once(posted):
    """It is kept with the entry; the same form again is the same objection, with another photo it is refused."""
    first = numbered(lodge(posted, PHOTO).text)
    assert len(digests(posted)) == 1
    assert numbered(lodge(posted, PHOTO).text) == first
    other = lodge(posted, ("另一张.png", png(9, 9), "image/png"))
    assert other.status_code == 422
    assert "已经交过一次" in other.text
    with posted.here.database.reading() as conn:
        names = {row[0] for row in run(conn, "SELECT name_private FROM document").fetchall()}
    assert names == {None}


def test_what_is_no_photo_and_too_many_are_refused_before_anything_is_recorded(posted):
    """The reason stands at the field, what was typed stays, and nothing is on record."""
    before = len(posted.entries())
    broken = lodge(posted, ("照片.png", b"not a picture", "image/png"))
    assert broken.status_code == 422
    assert "打不开" in broken.text
    assert "排水沟占了通道" in broken.text
    many = lodge(posted, *[(f"{each}.png", png(each, 1), "image/png") for each in range(1, 7)])
    assert many.status_code == 422
    assert "最多 5 个文件" in many.text
    assert len(posted.entries()) == before


def test_a_photo_is_for_those_who_handle_the_objection(posted):
    """Never on a public page; the committee opens it, the township once it was passed on, the village does not."""
    lodge(posted, PHOTO)
    file = f"/documents/{posted.matter}/{digests(posted)[0].removeprefix('sha256:')}"
    assert "张三家" not in posted.client.get(posted.notice).text
    village, committee, township = (posted.house.logged_in(each) for each in ("李文书", "监督员", "镇干部"))
    for room, reader in (("secretary", village), ("committee", committee), ("township", township)):
        assert "张三家" not in reader.get(f"/{room}/matters/{posted.matter}").text, room
        assert "张三家" not in reader.get(f"/committee/matters/{posted.matter}/print").text, room
    number = f"matters/{posted.matter}/objections/1"
    assert file in committee.get(f"/committee/{number}").text
    assert committee.get(file).status_code == 200
    assert file not in township.get(f"/township/{number}").text
    assert [each.get(file).status_code for each in (village, township)] == [404, 404]
    grounds = {"number": 1, "grounds": "涉及镇里的规划"}
    people = posted.people
    advance_ok(posted.here, VILLAGE, posted.matter, "escalate_objection", people.vsc_chair, grounds)
    assert file in township.get(f"/township/{number}").text
    opened = township.get(file)
    assert opened.status_code == 200
    # Nor does the file bring the name it was handed in under.
    assert "%E5%BC%A0%E4%B8%89" not in opened.headers["content-disposition"]
    assert village.get(file).status_code == 404


def test_the_township_answers_what_was_passed_on_and_its_writer_reads_so(posted):
    """It waits on the township's first page with its last day; the answer takes it off, and following says who answered."""
    number, code = numbered(lodge(posted).text)
    people = posted.people
    grounds = {"number": 1, "grounds": "涉及镇里的规划"}
    advance_ok(posted.here, VILLAGE, posted.matter, "escalate_objection", people.vsc_chair, grounds)
    ask = {"number": number, "code": code}
    lodge(posted, key="b" * 20)
    waiting = words(posted.house.logged_in("监督员").get("/committee"))
    assert "没办完的异议（1 件）" in waiting
    assert "第 2 号异议" in waiting
    told = words(posted.client.post(f"{posted.notice}/follow", data=ask))
    assert "已经转给镇街，等镇街答复" in told
    assert "下一步最晚2026年3月30日（星期一）" in told
    with posted.house.database.writing() as conn:
        officer = run(conn, "SELECT person FROM account WHERE name = '镇干部'").fetchone()[0]
    today = civil_day(posted.here.clock())
    office = {"person": officer, "office": "liaison", "from": today.isoformat()}
    advance_ok(posted.here, TOWNSHIP + "000", None, "grant_office", people.township_officer, office)
    township = posted.house.logged_in("镇干部")
    home = words(township.get("/township"))
    assert "等镇街答复的异议（1 件）" in home
    assert "最晚2026年3月30日（星期一）" in home
    answer = f"/township/matters/{posted.matter}/answer_escalated?number=1"
    assert answer in township.get(f"/township/matters/{posted.matter}/objections/1").text
    paper = [("paper[]", ("答复.png", png(), "image/png"))]
    done = hand_in(township, answer, paper, answer="镇里查过，通道照留", day_of_act_near=today.isoformat())
    assert done.status_code == 303
    assert "异议已答复" in words(township.get(done.headers["location"]))
    assert "等镇街答复的异议（0 件）" in words(township.get("/township"))
    assert "镇里查过" in words(
        posted.house.logged_in("监督员").get(f"/committee/matters/{posted.matter}/objections/1")
    )
    told = words(posted.client.post(f"{posted.notice}/follow", data=ask))
    assert "镇街已经答复" in told
    assert "镇里查过，通道照留" in told


def _fails(*_, **__):
    raise ZeroDivisionError


def test_what_the_committee_typed_is_kept_and_goes_with_the_act(posted, monkeypatch):
    """Saved grounds are there again in another session; they end in the act's own transaction, or neither happens."""
    lodge(posted)
    with posted.house.database.writing() as conn:
        person = run(conn, "SELECT person FROM account WHERE name = '监督员'").fetchone()[0]
    today = civil_day(posted.here.clock())
    office = {"person": person, "office": "vsc_member", "from": today.isoformat()}
    advance_ok(posted.here, VILLAGE, None, "grant_office", posted.people.township_officer, office)
    committee = posted.house.logged_in("监督员")
    dismiss = f"/committee/matters/{posted.matter}/dismiss_objection?number=1"
    saved = committee.post(dismiss, data={"grounds": "说的是另一件事", "step": "save"})
    assert "已存好，还没有登记" in saved.text
    assert "说的是另一件事" in posted.house.logged_in("监督员").get(dismiss).text
    typed = {**hidden(committee.get(dismiss)), "grounds": "说的是另一件事", "step": "check"}
    checked = hidden(committee.post(dismiss, data=typed))
    before = len(posted.entries())
    with monkeypatch.context() as broken:
        broken.setattr("web.store.drop_draft", _fails)
        with pytest.raises(ZeroDivisionError):
            committee.post(dismiss, data={**checked, "step": "record"})
    assert len(posted.entries()) == before
    assert committee.post(dismiss, data={**checked, "step": "record"}).status_code == 303
    with posted.house.database.reading() as conn:
        assert run(conn, "SELECT count(*) FROM draft").fetchone()[0] == 0


def test_a_notice_s_proof_holds_against_the_signed_head_by_the_rfc_alone(posted):
    """Hash, path and root from the downloaded file verify without this site; before the signature there is none."""
    address = f"{posted.notice}/proof"
    code = posted.found().short_code
    assert posted.client.get(address).status_code == 404
    assert address not in posted.client.get(f"/check?code={code}").text
    posted.here.signer.sign_pending()
    lodge(posted)
    assert address in posted.client.get(f"/check?code={code}").text
    answer = posted.client.get(address)
    assert f'filename="cunyi-proof-{code}.json"' in answer.headers["content-disposition"]
    proof = answer.json()
    head = Checkpoint.from_text(proof["checkpoint"].rpartition("\n\n")[0] + "\n")
    assert (proof["index"], proof["tree_size"]) == (posted.found().seq, head.size)
    path = [bytes.fromhex(each) for each in proof["audit_path"]]
    leaf = bytes.fromhex(proof["leaf_hash"])
    assert leaf == posted.found().leaf_hash
    assert verify_inclusion(proof["index"], proof["tree_size"], leaf, path, head.root)
    assert not verify_inclusion(proof["index"], proof["tree_size"], leaf[::-1], path, head.root)


def test_proofs_are_sixty_an_hour_for_an_address(posted, monkeypatch):
    """Each is made from every hash of the register, so an address is asked to wait in words and in Retry-After."""
    monkeypatch.setattr("web.routes.public.PROOFS", rates.Rate("proof", 1, rates.PROOFS.window))
    posted.here.signer.sign_pending()
    address = f"{posted.notice}/proof"
    assert posted.client.get(address).status_code == 200
    again = posted.client.get(address)
    assert again.status_code == 429
    assert again.headers["retry-after"] == "3600"
    assert "请过 60 分钟再下载" in again.text
