"""What the API serves beside acts: checkpoints, checks, files, the training clock, its description, its health."""

from tests import builders
from tests.web.calling import VILLAGE


def test_anybody_may_keep_a_checkpoint(house):
    """The signed head needs no login; before the first signature there is none."""
    client = house.client()
    assert client.get("/api/checkpoint").status_code == 404
    house.here.signer.sign_pending()
    assert client.get("/api/checkpoint").json()["note"].startswith("cunyi.371329\n")


def test_the_check_of_a_place_says_what_concerns_it(house, callers, matter):
    """An untouched register holds; a changed byte of the place shows with its number in the log."""
    house.here.signer.sign_pending()
    secretary = callers("secretary")
    assert secretary.get(f"/places/{VILLAGE}/verify").json()["holds"] is True
    with house.database.writing() as conn:
        builders.run(conn, "DROP TRIGGER entry_no_update")
        builders.run(conn, "UPDATE entry SET leaf = CAST(leaf || ' ' AS BLOB) WHERE matter = ?", (matter,))
    report = secretary.get(f"/places/{VILLAGE}/verify").json()
    assert report["holds"] is False
    assert {each["place"] for each in report["findings"]} <= {VILLAGE, None}
    assert matter in {each["matter"] for each in report["findings"]}


def test_only_one_check_runs_at_a_time(house, callers):
    """Whoever comes while one runs is asked to wait, in the answer's headers too."""
    with house.app.state.verifying:
        answer = callers("secretary").get(f"/places/{VILLAGE}/verify")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "10"


def test_a_file_is_sent_as_a_part_or_as_the_whole_body(house, callers):
    """Either way it gets the digest of its bytes; what is no picture is refused in words."""
    caller, picture = callers("secretary"), builders.png()
    part = caller.client.post(
        "/api/documents", files={"file": ("会议记录.png", picture)}, headers=caller.token
    )
    whole = caller.client.post(
        "/api/documents", params={"name": "会议记录.png"}, content=picture,
        headers={**caller.token, "content-type": "application/octet-stream"},
    )  # fmt: skip
    assert part.status_code == 200
    assert part.json() == whole.json()
    assert part.json()["name"] == "会议记录.png"
    bad = caller.client.post("/api/documents", files={"file": ("假.png", b"MZ")}, headers=caller.token)
    assert bad.status_code == 422
    assert "假.png" in bad.json()["errors"][0]["message"]


def test_the_clock_moves_only_in_the_demo(install):
    """In the demo days pass on request, and not past what the register allows; elsewhere there is no such page."""
    real, demo = install(), install(demo=True)
    assert real.client().post("/api/demo/clock", json={"days": 15}).status_code == 404
    builders.village(demo.here)
    moved = demo.client().post("/api/demo/clock", json={"days": 15})
    assert (moved.status_code, moved.json()["today"]) == (200, "2026-03-16")
    for days in (0, 367, "1", True, 400):
        assert demo.client().post("/api/demo/clock", json={"days": days}).status_code == 422
    assert demo.client().post("/api/demo/clock", json={"days": 366}).status_code == 200
    assert demo.client().post("/api/demo/clock", json={"days": 200}).status_code == 422


def test_the_description_needs_a_login_outside_the_demo(install):
    """It names every answer of every route, and asks for a token."""
    real, demo = install(), install(demo=True)
    assert real.client().get("/api/openapi.json").status_code == 401
    described = demo.client().get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert set(described["paths"]) == {
        "/api/places/{code}/matters", "/api/places/{code}/actions/{action}", "/api/places/{code}/register",
        "/api/places/{code}/verify", "/api/places/{code}/route", "/api/matters/{matter_id}", "/api/matters/{matter_id}/entries",
        "/api/matters/{matter_id}/actions/{action}", "/api/documents", "/api/procedures", "/api/checkpoint",
        "/api/demo/clock", "/healthz",
    }  # fmt: skip
    act = described["paths"]["/api/matters/{matter_id}/actions/{action}"]["post"]["responses"]
    assert {"200", "400", "401", "403", "404", "409", "413", "421", "422", "503"} <= set(act)


def test_health_says_whether_acts_can_be_recorded(house):
    """Well, it is 200; where the register no longer fits what was signed, 503."""
    house.here.signer.sign_pending()
    assert house.client().get("/healthz").json()["status"] == "ok"
    guard = house.settings.data / "signed"
    kept = guard.read_bytes()
    guard.write_text("{}")
    sick = house.client().get("/healthz")
    guard.write_bytes(kept)
    assert (sick.status_code, sick.json()["status"]) == (503, "read_only")


def test_a_database_that_does_not_answer_leaves_the_result_open(house, callers, matter):
    """Nobody may be told that nothing was saved when nobody knows: ask again with the same key."""
    caller = callers("vsc_chair")
    act = {"facts": {"opinion": "agree", "text": "同意"}, "acted_on": "2026-03-01", "mseq": 1}
    with house.here.database.writing() as conn:
        conn.exec_driver_sql("ALTER TABLE private_text RENAME TO lost")

    answer = caller.post(f"/matters/{matter}/actions/opine", act)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "同一次提交不会重复登记" in answer.json()["message"]
