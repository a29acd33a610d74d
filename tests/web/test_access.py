from typing import Annotated

import pytest
from fastapi import Depends
from starlette.testclient import TestClient

from web import store
from web.access import Viewer, require

VILLAGE, OTHER_VILLAGE, TOWNSHIP, OTHER_TOWNSHIP, COUNTY = (
    "371329105201", "371329105202", "371329105", "371329106", "371329",
)  # fmt: skip


@pytest.fixture
def county(install):
    """An installation with one person of each group, and routes that need one group or one right each."""
    place = install()
    for group, scope in {
        "secretary": VILLAGE, "committee": VILLAGE, "township": TOWNSHIP, "county": COUNTY, "auditor": COUNTY,
        "administrator": COUNTY,
    }.items():  # fmt: skip
        place.person(group, group, scope)

    @place.app.get("/villages/{code}")
    def village(
        code: str, viewer: Annotated[Viewer, Depends(require("secretary", "committee", "township"))]
    ) -> str:
        return viewer.must_see(code)

    @place.app.get("/api/villages/{code}")
    def api_village(code: str, viewer: Annotated[Viewer, Depends(require())]) -> str:
        return f"{viewer.must_see(code)} {viewer.auth}"

    @place.app.post("/api/villages/{code}")
    def act(code: str, viewer: Annotated[Viewer, Depends(require("secretary"))]) -> str:
        return viewer.must_see(code)

    @place.app.post("/villages/{code}")
    def act_by_form(code: str, viewer: Annotated[Viewer, Depends(require("secretary"))]) -> str:
        return viewer.must_see(code)

    @place.app.post("/api/cosignatures")
    def cosign(viewer: Annotated[Viewer, Depends(require(right="witness"))]) -> str:
        return viewer.person

    return place


def person_of(place, name: str) -> str:
    """The person id behind a login name."""
    with place.database.reading() as conn:
        return store.account_by_name(conn, name).person


@pytest.mark.parametrize(
    "name, code, status",
    [
        ("secretary", VILLAGE, 200),
        ("secretary", OTHER_VILLAGE, 404),
        ("secretary", TOWNSHIP, 404),
        ("committee", VILLAGE, 200),
        ("township", VILLAGE, 200),
        ("township", OTHER_VILLAGE, 200),
        ("township", f"{OTHER_TOWNSHIP}201", 404),
        ("county", VILLAGE, 403),
        ("auditor", VILLAGE, 403),
        ("administrator", VILLAGE, 403),
    ],
)
def test_the_group_opens_the_page_and_the_place_bounds_it(county, name, code, status):
    """Another place's things do not exist (404); another group's page is not yours (403)."""
    assert county.logged_in(name).get(f"/villages/{code}").status_code == status


def test_nobody_is_led_to_the_login_and_back(county):
    """A page asks to log in first and remembers where one wanted to go; a program gets 401."""
    client = county.client()
    led = client.get(f"/villages/{VILLAGE}?tab=2").headers["location"]
    assert led == f"/login?next=%2Fvillages%2F{VILLAGE}%3Ftab%3D2"
    back = client.post(
        "/login",
        data={"name": "secretary", "password": county.password, "next": f"/villages/{VILLAGE}?tab=2"},
    )
    assert back.headers["location"] == f"/villages/{VILLAGE}?tab=2"
    refused = county.client().get(f"/api/villages/{VILLAGE}")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_a_form_handed_in_after_the_session_ended_is_not_lost(county):
    """No form is lost to the clock: what was typed stays on the page, to be sent again after the login."""
    client = county.logged_in("secretary")
    county.watch.forward(hours=1)
    answer = client.post(f"/villages/{VILLAGE}", data={"yes": "31", "words": '修路"二期', "password": "秘密"})
    assert answer.status_code == 401
    assert "刚才填的内容没有丢" in answer.text
    assert '<input type="hidden" name="words" value="修路&#34;二期">' in answer.text
    assert "秘密" not in answer.text


@pytest.mark.parametrize(
    "scope, read, act, cosign", [("read", 200, 403, 403), ("act", 200, 200, 403), ("witness", 403, 403, 200)]
)
def test_a_token_does_what_its_scope_says(county, scope, read, act, cosign):
    """Reading, acting and witnessing are three different things to hand to a program."""
    token = county.token(person_of(county, "secretary"), scope)
    client = TestClient(county.app, base_url="http://localhost", headers=token)
    assert client.get(f"/api/villages/{VILLAGE}").status_code == read
    assert client.post(f"/api/villages/{VILLAGE}").status_code == act
    assert client.post("/api/cosignatures").status_code == cosign


def test_a_token_is_bound_to_its_persons_group_and_place(county):
    """It opens nothing that its owner could not; what it does is known as done by token."""
    secretary = county.token(person_of(county, "secretary"), "act")
    committee = county.token(person_of(county, "committee"), "act")
    client = county.client()
    assert client.get(f"/api/villages/{VILLAGE}", headers=secretary).json() == f"{VILLAGE} token"
    assert client.get(f"/api/villages/{OTHER_VILLAGE}", headers=secretary).status_code == 404
    assert client.post(f"/api/villages/{VILLAGE}", headers=committee).status_code == 403


def test_a_token_ends_and_can_be_ended(county):
    """After its last moment, or once revoked by its owner, it opens nothing."""
    person = person_of(county, "secretary")
    client = county.client()
    short, revoked = county.token(person, hours=1), county.token(person)
    with county.database.writing() as conn:
        kid = revoked["Authorization"].split("_")[1]
        assert not store.revoke_token(conn, person_of(county, "county"), kid, county.watch.now)
        assert store.revoke_token(conn, person, kid, county.watch.now)
    assert client.get(f"/api/villages/{VILLAGE}", headers=revoked).status_code == 401
    assert client.get(f"/api/villages/{VILLAGE}", headers=short).status_code == 200
    county.watch.forward(hours=1)
    assert client.get(f"/api/villages/{VILLAGE}", headers=short).status_code == 401


@pytest.mark.parametrize(
    "value",
    ["Bearer", "Bearer cy_", "Bearer cy_x_y", "Bearer x_y_z", "Basic YTpi", "Bearer \xff\xfe", "cy_a_b"],
)
def test_what_is_no_token_is_refused_as_such(county, value):
    """401 in Chinese, whatever was sent; a broken token never counts as nobody."""
    answer = county.client().get("/api/openapi.json", headers={"Authorization": value.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["message"] == "令牌不对、已过期或已作废"


def test_a_changed_secret_is_no_token(county):
    """The public half alone opens nothing."""
    token = county.token(person_of(county, "secretary"))["Authorization"]
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert (
        county.client().get(f"/api/villages/{VILLAGE}", headers={"Authorization": forged}).status_code == 401
    )


def test_a_token_opens_no_page(county):
    """Pages are for people who logged in."""
    token = county.token(person_of(county, "secretary"), "act")
    assert county.client().get(f"/villages/{VILLAGE}", headers=token).status_code == 303


def test_tokens_have_an_end_within_a_year(county):
    """Neither longer, nor for ever, nor with an invented scope."""
    person = person_of(county, "secretary")
    for scope, days in (("read", 366), ("read", 0), ("everything", 1)):
        with pytest.raises(ValueError, match="最长一年"):
            county.token(person, scope, days=days)


def test_a_changed_group_counts_from_the_next_request(county):
    """The account is asked each time; nothing of it is kept in the cookie."""
    client = county.logged_in("secretary")
    with county.database.writing() as conn:
        conn.execute(
            store.ACCOUNT.update().where(store.ACCOUNT.c.name == "secretary").values(group_name="auditor")
        )
    assert client.get(f"/villages/{VILLAGE}").status_code == 403


def test_the_description_of_the_api_needs_a_login_outside_the_demo(county, install):
    """It lists the routes under /api, with their own shape of error, and no page."""
    assert county.client().get("/api/openapi.json").status_code == 401
    described = county.logged_in("secretary").get("/api/openapi.json").json()
    assert "/api/cosignatures" in described["paths"]
    assert [path for path in described["paths"] if path.startswith(("/login", "/account", "/feedback"))] == []
    assert install(demo=True).client().get("/api/openapi.json").status_code == 200


def test_an_administrator_opens_accounts_below_the_own_place_only(county):
    """The new person gets a code, not a password; names, places and groups are checked."""
    client = county.logged_in("administrator")
    new = {
        "display": "新文书",
        "name": "新文书",
        "group": "secretary",
        "place_name": "李庄",
        "scope": OTHER_VILLAGE,
    }
    made = client.post("/accounts/new", data=new)
    assert "账号开好了" in made.text
    assert "新文书" in client.get("/accounts").text
    assert "已经有人用了" in client.post("/accounts/new", data=new).text
    assert (
        "要以 371329 开头"
        in client.post("/accounts/new", data={**new, "name": "别县", "scope": "371330"}).text
    )
    assert (
        "岗位请从列出的几项里选一项"
        in client.post("/accounts/new", data={**new, "name": "乙", "group": "king"}).text
    )
    assert "还有 5 处要改" in client.post("/accounts/new", data={}).text


def test_only_administrators_handle_accounts_and_only_of_their_place(county):
    """Others get 403; an administrator of another place finds nobody; nobody ends the own account."""
    secretary = person_of(county, "secretary")
    assert county.logged_in("county").get("/accounts").status_code == 403
    assert county.logged_in("secretary").post(f"/accounts/{secretary}/close").status_code == 403
    county.person("别镇管理员", "administrator", OTHER_TOWNSHIP)
    stranger = county.logged_in("别镇管理员")
    assert stranger.post(f"/accounts/{secretary}/code").status_code == 404
    assert stranger.post(f"/accounts/{secretary}/close").status_code == 404
    administrator = county.logged_in("administrator")
    assert "停用后马上不能登录" in administrator.get(f"/accounts/{secretary}/close").text
    assert administrator.post(f"/accounts/{secretary}/close").status_code == 303
    assert administrator.post(f"/accounts/{secretary}/code").status_code == 404
    own = administrator.post(f"/accounts/{person_of(county, 'administrator')}/close")
    assert own.status_code == 409
    assert "不能停用自己的账号" in own.text


def test_a_draft_is_its_writers_alone_and_goes_when_done(county):
    """One draft for each person, matter and action; saving again replaces it."""
    one, other = person_of(county, "secretary"), person_of(county, "committee")
    with county.database.writing() as conn:
        store.save_draft(conn, one, "m_1", "count", '{"yes": ["30"]}', county.watch.now)
        store.save_draft(conn, one, "m_1", "count", '{"yes": ["31"]}', county.watch.now)
    with county.database.writing() as conn:
        assert store.read_draft(conn, one, "m_1", "count").body == '{"yes": ["31"]}'
        assert store.read_draft(conn, other, "m_1", "count") is None
        store.drop_draft(conn, one, "m_1", "count")
        assert store.read_draft(conn, one, "m_1", "count") is None
