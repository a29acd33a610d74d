"""A county puts its own text in force through its pages: one person proposes, another approves, every fault is said."""

import pytest

from tests.builders import COUNTY, grant
from tests.test_publish import LAYER
from tests.web.sitting import hand_in, hidden, words

TEXTS, PROPOSE = "/county/texts", f"/county/place/publish_text?place={COUNTY}"
FIRST = {"from_y": "2026", "from_m": "3", "from_d": "9"}


@pytest.fixture
def county(install):
    """Two people of the county who may publish, and one who holds no office."""
    house = install()
    chief = house.person("县民政", "county", COUNTY[:6])
    other = house.person("县农业", "county", COUNTY[:6])
    house.person("县里新人", "county", COUNTY[:6])
    grant(house.here, COUNTY, "installation", "p_keeper", "administrator")
    grant(house.here, COUNTY, "p_keeper", chief, "county_civil_affairs")
    grant(house.here, COUNTY, chief, other, "county_agri")
    house.here.library = house.here.library.beside(house.settings.data / "published")
    return house


def file(text=LAYER, name="本县.yaml"):
    """One file as a form sends it."""
    return [("text[]", (name, text.encode(), "application/yaml"))]


def test_a_text_is_proposed_approved_and_binds(county):
    """From the upload over the check to the register; the other person sees what it changes and the whole text, and approves."""
    chief, other = county.logged_in("县民政"), county.logged_in("县农业")
    answer = hand_in(chief, PROPOSE, file(), **FIRST)
    assert answer.status_code == 303, words(answer)
    assert "要等另一位有权的人批准" in words(chief.get(answer.headers["location"]))
    assert "等另一人批准（1 份） 临沭县" in words(chief.get(TEXTS))
    number = answer.headers["location"].partition("/done/")[2].partition("?")[0]
    shown = words(other.get(f"{TEXTS}/{number}"))
    assert "提前 3 天通知 → " in shown
    assert "提前 6 天通知" in shown
    assert "stages.deliberate.bodies.party_meeting.notice_days: 6" in shown
    assert "要由另一个人批准" in words(chief.get(f"{TEXTS}/{number}"))
    confirm = f"/county/place/confirm?place={COUNTY}&confirms={number}"
    assert "另一个人" in words(chief.get(confirm))
    asked = words(other.get(confirm))
    assert "批准施行" in asked
    assert "监委会" not in asked
    answer = hand_in(other, confirm)
    assert answer.status_code == 303, words(answer)
    assert "已批准，从写明的那一天起施行" in words(other.get(answer.headers["location"]))
    listed = words(chief.get(TEXTS))
    assert "已批准，还没到第一天（1 份） 临沭县" in listed
    assert "县民政提出，县农业批准" in listed
    page = words(chief.get("/county/procedures/siyi_lianggongkai?on=2026-03-09"))
    assert "提前 6 天通知 临沭县" in page
    county.watch.forward(days=8)
    assert "施行中（1 份）" in words(county.logged_in("县民政").get(TEXTS))


def test_a_text_is_declined_with_the_reason(county):
    """Declined it never binds; the list says by whom, and the same may be put forward again."""
    chief, other = county.logged_in("县民政"), county.logged_in("县农业")
    number = (
        hand_in(chief, PROPOSE, file(), **FIRST).headers["location"].partition("/done/")[2].partition("?")[0]
    )
    decline = f"/county/place/decline?place={COUNTY}&confirms={number}"
    assert hand_in(other, decline).status_code == 422
    answer = hand_in(other, decline, reason="六天太长")
    assert answer.status_code == 303, words(answer)
    assert "没有批准（1 份）" in words(chief.get(TEXTS))
    assert hand_in(other, decline, reason="再来").status_code in (404, 422)
    assert hand_in(chief, PROPOSE, file(), **FIRST).status_code == 303


def test_every_fault_of_a_text_is_said_with_its_line_and_nothing_is_lost(county):
    """All findings at once, with line and column; the file stays chosen and the day typed; the lines meant are marked."""
    chief = county.logged_in("县民政")
    faulty = LAYER + "  settings.objection_reply_days: 20\n" + "  stages.post_resolution.days: 14\n"
    answer = hand_in(chief, PROPOSE, file(faulty), **FIRST)
    assert answer.status_code == 422
    seen = words(answer)
    assert "文本里有 2 处要改" in seen
    assert "第 8 行" in seen
    assert "第 9 行" in seen
    assert "不少于15日" in seen
    assert answer.text.count('class="source-marked"') == 2
    kept = hidden(answer)
    assert "本县.yaml" in seen
    assert 'name="from_d" value="9"' in answer.text
    assert kept["key"]
    again = hand_in(chief, PROPOSE, file(LAYER.replace("set:\n", "set: [\n")))
    assert "Y004" in words(again)


def test_the_first_day_is_read_from_the_text(county):
    """Who leaves it out is shown the day the text names; another one typed is told not to be the same."""
    chief = county.logged_in("县民政")
    assert "不一样" in words(hand_in(chief, PROPOSE, file(), **{**FIRST, "from_d": "10"}))
    answer = hand_in(chief, PROPOSE, file(), from_d="", from_m="", from_y="")
    assert answer.status_code == 303, words(answer)
    assert "自2026年3月9日（星期一）起" in words(chief.get(TEXTS))


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("本县.docx", LAYER, "这里只传程序文本"),
        ("空.yaml", "", "是空的"),
        ("大.yaml", "#" * 300_000, "超过 256 KB"),
    ],
)
def test_only_a_text_of_a_sensible_size_is_taken(county, name, text, said):
    """Other files, empty ones and huge ones are refused by name; elsewhere no YAML is taken."""
    chief = county.logged_in("县民政")
    answer = hand_in(chief, PROPOSE, file(text, name), **FIRST)
    assert answer.status_code == 422
    assert said in words(answer)


def test_without_the_office_nothing_is_put_forward(county):
    """The page says which offices may; the register refuses who tries all the same, and other rooms have no such form."""
    newcomer = county.logged_in("县里新人")
    assert "登记册里您没有" in words(newcomer.get(TEXTS))
    answer = hand_in(newcomer, PROPOSE, file(), **FIRST)
    assert answer.status_code == 409
    assert "须由这些职务办理" in words(answer)
    county.person("文书", "secretary", "371329105201")
    secretary = county.logged_in("文书")
    assert secretary.get(TEXTS).status_code == 403
    assert secretary.get("/secretary/place/publish_text").status_code == 404
    assert county.logged_in("县民政").get(f"{TEXTS}/99").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_texts_fit(county, serve, browser, tmp_path, width):
    """List, form with its findings, and one text, without scripts: nothing sideways, thumbs can press, no complaint."""
    chief = county.logged_in("县民政")
    number = (
        hand_in(chief, PROPOSE, file(), **FIRST).headers["location"].partition("/done/")[2].partition("?")[0]
    )
    faults: list[str] = []
    with serve(county.app) as address:
        context = browser.new_context(
            viewport={"width": width, "height": 740}, locale="zh-CN", java_script_enabled=False
        )
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.goto(f"{address}/login")
        page.get_by_label("登录名").fill("县农业")
        page.get_by_label("密码").fill(county.password)
        page.get_by_role("button", name="登录").click()
        for path in (
            TEXTS,
            f"{TEXTS}/{number}",
            f"/county/place/confirm?place={COUNTY}&confirms={number}",
            PROPOSE,
        ):
            page.goto(address + path)
            room = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            page.screenshot(
                path=tmp_path / f"text{path.replace('/', '-').partition('?')[0]}-{width}.png", full_page=True
            )
            assert page.evaluate(room) == 0, path
        page.locator("input[type=file]").set_input_files(
            {
                "name": "a.yaml",
                "mimeType": "application/yaml",
                "buffer": LAYER.replace("days: 6", "days: 1").encode(),
            }
        )
        page.get_by_role("button", name="核对").click()
        page.screenshot(path=tmp_path / f"findings-{width}.png", full_page=True)
        assert page.evaluate(room) == 0
        context.close()
    assert [each for each in faults if "422" not in each] == []
