"""Heads are signed while the application runs; a fork stops every act; the first administrator gets the office."""

import threading
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from tests import builders
from web import founding, store
from web.signing import Signing
from workflow.store.signing import ForkRefused

FIRST = {
    "name": "管理员", "display": "张三", "place_name": "兰溪县", "scope": "371329",
    "password": "村口有棵大槐树下", "again": "村口有棵大槐树下",
}  # fmt: skip


def offices(house) -> list[tuple[str, str]]:
    """Who holds which office in the county."""
    with house.database.reading() as conn:
        return [(term.person, term.office) for term in house.here.place(conn, builders.COUNTY).terms]


def test_what_is_recorded_is_signed_without_being_asked(install):
    """From the start to the end of the application the thread signs whatever was committed."""
    house = install()
    builders.village(house.here)
    with house.client() as client:
        first = client.get("/healthz").json()
        assert first["signed"] == first["size"] > 0
        builders.advance_ok(house.here, builders.VILLAGE, None, "open", "p_secretary", builders.OPENING)
    status = house.here.signer.status()
    assert (status.state, status.signed_size) == ("signed", first["size"] + 1)


def test_the_thread_signs_between_start_and_stop():
    """It looks again and again until it is stopped, and then lets others sign."""
    looks, ends, enough = [], [], Event()

    class Counting:
        """A signer with nothing to sign."""

        def sign_pending(self) -> None:
            """Count the look."""
            looks.append(1)
            if len(looks) > 2:
                enough.set()

        def release(self) -> None:
            """Count the end."""
            ends.append(1)

    signing = Signing(Counting())
    signing.start()
    assert enough.wait(10)
    signing.stop()
    assert ends == [1]
    assert signing.refused is None
    assert not any(each.name == "signing" for each in threading.enumerate())


def test_a_server_that_does_not_answer_is_asked_again():
    """A lost connection ends nothing; a fork does."""
    answers = iter([OperationalError("", {}, Exception("gone")), None, ForkRefused("root"), None])

    class Failing:
        """A signer that fails, works, and finds a fork."""

        def sign_pending(self) -> None:
            """Give the next answer."""
            answer = next(answers)
            if answer is not None:
                raise answer

    signing = Signing(Failing())
    for refused in (False, False, True, True):
        signing.sign()
        assert (signing.refused is not None) is refused
    assert next(answers) is None


def test_after_a_fork_nothing_is_recorded_and_everything_can_be_seen(install):
    """Acts get 503 with what to do, on pages and in the API; logging in and looking go on."""
    house = install()
    people = builders.village(house.here, builders.People(secretary=house.person()))
    matter = builders.life(house.here, people, "opened")
    house.here.signer.sign_pending()
    guard = house.settings.data / "signed"
    kept = guard.read_bytes()
    guard.write_text("{}")
    with house.client() as client:
        assert client.post("/login", data={"name": "文书小李", "password": house.password}).status_code == 303
        assert client.get("/account").status_code == 200
        token = house.token(people.secretary, "act")
        assert client.get(f"/api/matters/{matter}", headers=token).status_code == 200
        body = {"facts": {"reason": "开错了"}, "acted_on": "2026-03-01", "mseq": 1}
        refused = client.post(
            f"/api/matters/{matter}/actions/withdraw", json=body, headers={**token, "Idempotency-Key": "k"}
        )
        assert refused.status_code == 503
        assert "cunyi verify" in refused.json()["message"]
        page = client.post("/account/password", data={})
        assert page.status_code == 503
        assert "只能看、不能登记" in page.text
    guard.write_bytes(kept)


def test_the_first_administrator_holds_the_office_on_record(install):
    """The set-up grants it, by the installation itself, once; a second call changes nothing."""
    house = install()
    with house.database.writing() as conn:
        code = store.issue_code(conn, "setup", house.watch())
    answer = house.client().post("/setup", data={**FIRST, "code": code})
    assert answer.headers["location"] == "/login?done=setup"
    with house.database.reading() as conn:
        person = store.account_by_name(conn, "管理员").person
    assert offices(house) == [(person, "administrator")]
    assert founding.found(house.here) is False
    assert offices(house) == [(person, "administrator")]


def test_a_set_up_cut_short_is_finished_at_the_next_start(install):
    """An administrator without the office gets it when the application starts."""
    house = install()
    person = house.person("管理员", "administrator", "371329")
    assert offices(house) == []
    with house.client():
        assert offices(house) == [(person, "administrator")]


@pytest.mark.parametrize("group, scope", [("secretary", "371329105201"), ("county", "371329")])
def test_nobody_else_is_given_the_office(install, group, scope):
    """Only an administrator's account counts."""
    house = install()
    house.person("某人", group, scope)
    with house.client():
        assert offices(house) == []
