import pytest

from tests.builders import VILLAGE, advance_ok, life
from tests.web.sitting import OBJECTION, supervised, words
from web import readings
from workflow.store.database import run


@pytest.fixture
def house(install):
    """张庄村 under supervision."""
    return supervised(install)


def matter_of(house, matter):
    """The matter as the register has it."""
    with house.database.reading() as conn:
        return house.here.matter(conn, VILLAGE, matter)


def objected(house):
    """The drainage matter while its decision hangs on the board, with one named objection."""
    matter = life(house.here, house.people, "posting_confirmed")
    advance_ok(house.here, VILLAGE, matter, "object", "public", OBJECTION)
    return matter


def test_an_auditor_reads_everything_acts_on_nothing_and_leaves_a_trace(house):
    """The same pages without buttons; each private text that was shown is in the access log."""
    matter = objected(house)
    client = house.logged_in("审计陈")
    page = client.get(f"/committee/matters/{matter}")
    assert "讨论后表决" in page.text
    assert "提监督意见" not in page.text
    assert client.get("/committee").status_code == 403
    assert client.get(f"/committee/matters/{matter}/opine").status_code == 403
    assert client.post(f"/committee/matters/{matter}/receive_objection?number=1").status_code == 403
    entries = matter_of(house, matter).entries
    with house.database.reading() as conn:
        (opened,) = readings.of_entry(conn, entries[0].seq)
        (objection,) = readings.of_entry(conn, entries[-1].seq)
    assert opened.fields == ("reason", "title")
    assert objection.fields == ("content",)
    assert "张三" in words(client.post(f"/committee/matters/{matter}/objections/1/name"))
    with house.database.reading() as conn:
        assert readings.of_entry(conn, entries[-1].seq)[-1].fields == ("contact", "name")


def test_the_register_is_signed_downloaded_checked_and_compared(house):
    """A copy kept outside agrees with the register it was taken from, and betrays one that was changed since."""
    life(house.here, house.people, "resolved")
    house.here.signer.sign_pending()
    client = house.logged_in("孙监督")
    note = client.get("/committee/register/checkpoint")
    assert "attachment" in note.headers["content-disposition"]
    size = int(note.text.split("\n")[1])
    assert client.get(f"/committee/register/checkpoints/{size}").text == note.text
    assert f"盖到第 {size} 条" in words(client.get("/committee/register"))
    assert client.get(f"/committee/register/checkpoints/{size + 1}").status_code == 404
    assert client.get(f"/committee/register/checkpoints/{10**30}").status_code == 404
    # A browser sends pasted lines with CR LF and may lose the last line end.
    pasted = note.text.rstrip("\n").replace("\n", "\r\n")
    checked = words(client.post("/committee/register/verify", data={"held": pasted}))
    assert "核对无误" in checked
    assert "您留的 1 份副本都对得上" in checked
    nonsense = client.post("/committee/register/verify", data={"held": "第一行"})
    assert nonsense.status_code == 422
    assert "不是登记册签名副本" in nonsense.text
    with house.database.writing() as conn:
        run(conn, "DROP TRIGGER entry_no_update", ())
        run(
            conn,
            "UPDATE entry SET leaf = CAST(replace(leaf, '\"present\":31', '\"present\":41') AS BLOB) WHERE action = 'record'",
            (),
        )
    found = words(client.post("/committee/register/verify", files={"copy": ("copy.txt", note.text.encode())}))
    assert "处不符" in found
    assert "登记内容与存下的摘要不符" in found


def test_the_prints_say_what_the_record_says(house):
    """The history in archive order with numbers, articles and verdicts; the six parts filled or left blank."""
    matter = life(house.here, house.people, "posting_confirmed")
    client = house.logged_in("孙监督")
    paper = words(client.get(f"/committee/matters/{matter}/print"))
    assert paper.index("第 1 条") < paper.index("第 2 条") < paper.index("第 12 条")
    assert "实到 31，组成人员 45" in paper
    assert "村务监督委员会（签名）" in paper
    sheet = words(client.get(f"/committee/matters/{matter}/form"))
    assert "☑ 党员群众建议" in sheet
    assert "应到 45 人 实到 31 人 比例 31/45 同意 28 反对 3 弃权 0" in sheet
    assert "肆万捌仟元整" in sheet
    assert "自2026年3月10日至4月4日，共26日" in sheet
    assert "六 实施结果公开 公示起止：自 年 月 日至 年 月 日" in sheet
    assert "张贴情况已复核，属实" in sheet


def test_the_six_part_sheet_of_a_matter_without_an_amount(house):
    """What the opening left open stays blank on the sheet."""
    matter = life(house.here, house.people, "opened", amount_fen=None)
    sheet = house.logged_in("孙监督").get(f"/committee/matters/{matter}/form")
    assert sheet.status_code == 200
    assert "预计金额" not in words(sheet)


def test_the_six_part_sheet_is_offered_where_meeting_follows_meeting(house):
    """A matter of everyday upkeep is decided by one meeting: a sheet of six parts would stay blank."""
    client = house.logged_in("孙监督")
    everyday = {"kind": "environment_upkeep", "agreed": "agreed"}
    for opening, offered in (({}, True), (everyday, False)):
        matter = life(house.here, house.people, "opened", **opening)
        page = client.get(f"/committee/matters/{matter}").text
        assert (f'href="/committee/matters/{matter}/form"' in page) is offered
