import logging
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from web import attempts, store
from web.passwords import Passwords, weakness


def form_of(installation, **fields):
    """The fields of a login, right unless told otherwise."""
    return {"name": "文书小李", "password": installation.password, **fields}


def test_a_person_logs_in_and_sees_who_they_are(village):
    """After the login every page names the person, the place and the group, with 换人 beside it."""
    client = village.client()
    answer = client.post("/login", data=form_of(village, next="/account"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    shown = client.get("/account").text
    assert "文书小李" in shown
    assert "青山镇张庄村 · 村级经办" in shown
    assert "换人" in shown


def test_the_login_name_may_be_typed_in_any_width_or_case(install):
    """ＡＤＭＩＮ from a full-width keyboard is admin."""
    place = install()
    place.person("admin", "administrator", "371329")
    answer = place.client().post("/login", data=form_of(place, name=" ＡＤＭＩＮ "))
    assert answer.status_code == 303


@pytest.mark.parametrize("name", ["文书小李", "没有这个人"])
def test_a_wrong_password_and_an_unknown_name_read_the_same(village, name):
    """Nobody learns from the page who has an account; the name stays typed, the password does not."""
    answer = village.client().post("/login", data=form_of(village, name=name, password="错的密码"))
    assert answer.status_code == 422
    assert "<title>错误：登录 - 村议</title>" in answer.text
    assert "登录名或密码不对" in answer.text
    assert f'value="{name}"' in answer.text
    assert "错的密码" not in answer.text
    assert "sid" not in answer.cookies


def test_empty_fields_are_each_named(village):
    """Two empty fields give two sentences."""
    shown = village.client().post("/login", data={}).text
    assert "还有 2 处要改" in shown
    assert "登录名没有填" in shown
    assert "密码没有填" in shown


def test_logging_out_ends_the_session_on_the_server(village):
    """A copied cookie opens nothing after 换人."""
    client = village.logged_in()
    copied = client.cookies["sid"]
    answer = client.post("/logout")
    assert answer.headers["location"] == "/login?done=logout"
    assert "已经退出" in client.get(answer.headers["location"]).text
    thief = village.client(cookies={"sid": copied})
    assert thief.get("/account").headers["location"] == "/login?next=%2Faccount"


def test_each_login_has_a_new_session_and_ends_the_old_one(village):
    """A session id brought along, planted or old, is never taken over."""
    client = village.logged_in()
    first = client.cookies["sid"]
    client.post("/login", data=form_of(village))
    assert client.cookies["sid"] != first
    assert village.client(cookies={"sid": first}).get("/account").status_code == 303
    with village.database.reading() as conn:
        kept = conn.execute(store.SESSION.select()).mappings().all()
    assert [row["digest"] for row in kept] == [store.digest(client.cookies["sid"])]


def test_a_session_ends_after_half_an_hour_without_use(village):
    """In use it goes on; left alone for 30 minutes it is over."""
    client = village.logged_in()
    for _ in range(3):
        village.watch.forward(minutes=29)
        assert client.get("/account").status_code == 200
    village.watch.forward(minutes=31)
    assert client.get("/account").status_code == 303


def test_a_session_ends_after_twelve_hours_of_use(village):
    """However busy, a day's work needs a second login."""
    client = village.logged_in()
    for _ in range(24):
        village.watch.forward(minutes=29)
        assert client.get("/account").status_code == 200
    village.watch.forward(minutes=29)
    assert client.get("/account").status_code == 303


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_unencrypted(install):
    """On TLS it is `__Host-`, Secure, HttpOnly, SameSite=Lax; on loopback the same without Secure."""
    safe = install(public_url="https://cunyi.example.cn")
    safe.person()
    kept = safe.client().post("/login", data=form_of(safe)).headers["set-cookie"]
    assert re.fullmatch(r"__Host-sid=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", kept)
    local = install()
    local.person()
    kept = local.client().post("/login", data=form_of(local)).headers["set-cookie"]
    assert re.fullmatch(r"sid=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", kept)


def test_guessing_slows_down_and_never_locks_out(village):
    """From the sixth attempt on each failure doubles the wait; after the wait the right password opens."""
    client = village.client()
    for _ in range(5):
        assert client.post("/login", data=form_of(village, password="猜一猜")).status_code == 422
    slowed = client.post("/login", data=form_of(village))
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "2"
    assert "请过 2 秒再试" in slowed.text
    village.watch.forward(seconds=2)
    assert client.post("/login", data=form_of(village, password="猜一猜")).status_code == 422
    village.watch.forward(seconds=1.5)
    assert client.post("/login", data=form_of(village)).status_code == 429
    village.watch.forward(seconds=1)
    assert client.post("/login", data=form_of(village)).status_code == 303
    village.watch.forward(minutes=1)
    assert client.post("/login", data=form_of(village, password="猜一猜")).status_code == 422


def test_the_wait_never_exceeds_a_quarter_of_an_hour(village):
    """An outsider who keeps guessing cannot keep the owner out for longer."""
    with village.database.writing() as conn:
        for number in range(40):
            attempts.failed(conn, "文书小李", f"10.0.0.{number}", village.watch.now)
        assert attempts.wait(conn, "文书小李", "10.0.1.1", village.watch.now) == 901
        assert attempts.wait(conn, "书记老张", "10.0.1.1", village.watch.now) == 0


def test_many_right_logins_at_once_are_all_let_in(village):
    """Twelve people's browsers, or one person's twelve, are no guessers; two passwords at a time are looked at."""
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: village.client().post("/login", data=form_of(village)), range(12)))
    assert {answer.status_code for answer in answers} == {303}


def test_one_address_has_fifty_attempts_in_a_quarter_of_an_hour(village):
    """Many names from one address are slowed too; the window passes."""
    client = village.client()
    with village.database.writing() as conn:
        for number in range(50):
            attempts.failed(conn, f"name{number}", "testclient", village.watch.now)
    assert client.post("/login", data=form_of(village)).status_code == 429
    village.watch.forward(minutes=16)
    assert client.post("/login", data=form_of(village)).status_code == 303


def test_a_closed_account_is_out_at_once(village):
    """Closing an account ends its sessions, its tokens and its password."""
    client = village.logged_in()
    with village.database.reading() as conn:
        person = store.account_by_name(conn, "文书小李").person
    token = village.token(person)
    with village.database.writing() as conn:
        store.close_account(conn, person, village.watch.now)
    assert client.get("/account").status_code == 303
    assert client.get("/api/openapi.json", headers=token).status_code == 401
    assert client.post("/login", data=form_of(village)).status_code == 422


SETUP = {
    "display": "王管理", "place_name": "兰溪县", "scope": "371329", "name": "wang",
    "password": "槐花开了满村都香", "again": "槐花开了满村都香",
}  # fmt: skip


def test_the_first_administrator_is_made_with_the_printed_code_once(install):
    """Before anyone has an account the login leads to the set-up; afterwards the set-up does not exist."""
    place = install()
    client = place.client()
    assert client.get("/login").headers["location"] == "/setup"
    with place.database.writing() as conn:
        code = store.issue_code(conn, "setup", place.watch.now)
    assert re.fullmatch("([A-Z2-7]{4}-){6}[A-Z2-7]{4}", code)
    wrong = client.post("/setup", data={**SETUP, "code": "AAAA-BBBB"})
    assert (wrong.status_code, "启用码不对或已过期" in wrong.text) == (422, True)
    typed = code.lower().replace("-", " ").replace("o", "0")
    answer = client.post("/setup", data={**SETUP, "code": typed})
    assert answer.headers["location"] == "/login?done=setup"
    assert client.post("/login", data={"name": "wang", "password": SETUP["password"]}).status_code == 303
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data={**SETUP, "code": code}).status_code == 404


def test_the_set_up_code_is_good_for_half_an_hour_and_a_fault_does_not_use_it_up(install):
    """A mistyped place code costs nothing; thirty minutes later the code is void."""
    place = install()
    with place.database.writing() as conn:
        code = store.issue_code(conn, "setup", place.watch.now)
    client = place.client()
    fault = client.post("/setup", data={**SETUP, "code": code, "scope": "37"})
    assert "地方代码要填 6 位（县）、9 位（乡镇）或 12 位（村）数字" in fault.text
    place.watch.forward(minutes=31)
    assert "启用码不对或已过期" in client.post("/setup", data={**SETUP, "code": code}).text


def reset_form(**fields):
    """A request for a new password."""
    new = "新槐树又发了嫩芽"
    return {"name": "文书小李", "password": new, "again": new, **fields}


def test_an_administrators_code_lets_the_owner_choose_a_password(install):
    """The administrator sees a code and never a password; the code works once and ends open sessions."""
    place = install()
    place.person()
    place.person("管理员", "administrator", "371329")
    owner, administrator = place.logged_in(), place.logged_in("管理员")
    with place.database.reading() as conn:
        person = store.account_by_name(conn, "文书小李").person
    shown = administrator.post(f"/accounts/{person}/code").text
    code = re.search("([A-Z2-7]{4}-){6}[A-Z2-7]{4}", shown)[0]
    answer = place.client().post("/reset", data=reset_form(code=code))
    assert answer.headers["location"] == "/login?done=reset"
    assert owner.get("/account").status_code == 303
    assert place.client().post("/login", data=form_of(place)).status_code == 422
    new = reset_form()["password"]
    assert place.client().post("/login", data=form_of(place, password=new)).status_code == 303
    assert "重置码不对" in place.client().post("/reset", data=reset_form(code=code)).text


def test_a_reset_code_is_of_one_person_and_one_day(install):
    """Another person's code, an old one and a replaced one are all simply wrong."""
    place = install()
    mine, other = place.person(), place.person("书记老张")
    with place.database.writing() as conn:
        others = store.issue_code(conn, "reset", place.watch.now, other)
        replaced = store.issue_code(conn, "reset", place.watch.now, mine)
        code = store.issue_code(conn, "reset", place.watch.now, mine)
    client = place.client()
    for wrong in (others, replaced, "1234"):
        assert client.post("/reset", data=reset_form(code=wrong)).status_code == 422
    place.watch.forward(hours=25)
    assert client.post("/reset", data=reset_form(code=code)).status_code == 422


def test_a_person_changes_the_password_and_other_browsers_are_out(village):
    """The old password is asked for; this browser stays in under a new session."""
    here, there = village.logged_in(), village.logged_in()
    new = {"password": "新槐树又发了嫩芽", "again": "新槐树又发了嫩芽"}
    wrong = here.post("/account/password", data={**new, "old_password": "不是它"})
    assert "现在的密码不对" in wrong.text
    assert here.post("/account/password", data={**new, "old_password": village.password}).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_a_person_ends_the_sessions_left_open_elsewhere(village):
    """One button, and only this browser stays in."""
    here, there = village.logged_in(), village.logged_in()
    assert here.post("/account/elsewhere").status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


@pytest.mark.parametrize(
    "password, words",
    [
        ("短了", "密码至少要 8 位"), ("长" * 129, "密码最多 128 位"), ("１２３４５６７８", "太容易猜到"),
        ("aaaabbbb", "太容易猜到"), ("Password123", "太容易猜到"), ("wenshu2026", "不要带登录名"),
    ],
)  # fmt: skip
def test_weak_passwords_are_refused_with_the_reason(password, words):
    """Length, guesses and the own name; no rules about capitals and signs."""
    assert words in weakness(password, "wenshu")
    assert weakness("槐树下面有口井", "wenshu") == "密码至少要 8 位"
    assert weakness("槐树下面有一口老井", "wenshu") == ""


def test_passwords_are_kept_as_argon2id_with_the_chosen_cost():
    """19 MiB, two passes, one lane; a password typed full-width is the same password."""
    passwords = Passwords()
    stored = passwords.hash_now("abc12345槐树")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.check_now(stored, "ａｂｃ１２３４５槐树")
    assert not passwords.check_now(stored, "abc12345桃树")
    assert not passwords.check_now(None, "abc12345槐树")
    assert not passwords.check_now("damaged", "abc12345槐树")


def test_neither_database_nor_log_holds_a_secret(village, caplog):
    """Cookies, codes and tokens are kept as digests; a password is in no log line, even typed as a name."""
    caplog.set_level(logging.DEBUG)
    client = village.logged_in()
    client.post("/login", data=form_of(village, name="槐树秘密", password="槐树密码"))
    with village.database.writing() as conn:
        person = store.account_by_name(conn, "文书小李").person
        code = store.issue_code(conn, "reset", village.watch.now, person)
    token = village.token(person)["Authorization"].rpartition("_")[2]
    kept = b"".join(file.read_bytes() for file in village.database.path.parent.glob("cunyi.db*"))
    for secret in (client.cookies["sid"], code, code.replace("-", ""), token, village.password):
        assert secret.encode() not in kept
    assert "login refused" in caplog.text
    assert not re.search("槐树|" + re.escape(client.cookies["sid"]), caplog.text)


def test_the_letters_grow_and_stay_grown(village):
    """The choice is kept in this browser, needs no login, and leads back to the same page."""
    client = village.client()
    answer = client.post("/large-text", data={"large": "1", "back": "/reset"})
    assert answer.headers["location"] == "/reset"
    assert '<html lang="zh-CN" class="large">' in client.get("/reset").text
    client.post("/large-text", data={"large": "0", "back": "//evil.cn"})
    assert '<html lang="zh-CN">' in client.get("/reset").text


def test_every_page_says_whom_to_tell(install):
    """意见建议 is in the foot of the page and gives the telephone of the township."""
    place = install(contact="0539-1234567 党政办")
    place.person()
    assert 'href="/feedback"' in place.client().get("/login").text
    assert "0539-1234567 党政办" in place.client().get("/feedback").text
