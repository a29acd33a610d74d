import json
import logging
from typing import Annotated, Literal

import pytest
from fastapi import Depends, Form
from pydantic import BaseModel, ConfigDict
from starlette.testclient import TestClient

from web import forms
from web.guard.headers import POLICY
from workflow.store.database import ReadOnly


class Count(BaseModel):
    """A body as strict as the routes of the API."""

    model_config = ConfigDict(strict=True, extra="forbid")

    yes: int
    way: Literal["hands", "paper"] = "hands"


@pytest.fixture
def client(village) -> TestClient:
    """A browser before an installation with a few more routes, which only tell what reached them."""
    app = village.app

    @app.post("/api/count")
    def count(body: Count) -> int:
        return body.yes

    @app.post("/count")
    def count_form(yes: Annotated[int, Form()]) -> int:
        return yes

    @app.post("/sign-in")
    def sign_in(form: Annotated[forms.Form, Depends(forms.Form.posted)]) -> list[str]:
        return [*form.values("present"), *(file.filename or "" for file in form.files.get("papers[]", []))]

    @app.get("/api/search")
    def search(name: str = "") -> str:
        return name

    @app.get("/places/{code}")
    def place(code: int) -> int:
        return code

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("秘密的细节")

    @app.get("/dying-disk")
    def dying_disk() -> None:
        raise ReadOnly("SQLITE_IOERR_FSYNC")

    return TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)


JSON = {"content-type": "application/json"}


def test_a_well_formed_body_passes(client):
    """The guards let ordinary requests through unchanged."""
    assert client.post("/api/count", json={"yes": 31}).json() == 31
    assert client.post("/count", data={"yes": "31"}).json() == 31
    assert client.get("/api/search", params={"name": "张 三&四"}).json() == "张 三&四"


@pytest.mark.parametrize(
    "body, words",
    [
        (b'{"yes": NaN}', "只收整数"),
        (b'{"yes": Infinity}', "只收整数"),
        (b'{"yes": 1.0}', "只收整数"),
        (b'{"yes": 1e999}', "只收整数"),
        (b'{"yes": 9007199254740993}', "数字太大"),
        (b'{"yes": ' + b"9" * 5000 + b"}", "不是合格的 JSON"),
        (b'{"yes": 1, "yes": 99}', "同一项填了两次"),
        (b'{"yes": "\\ud800"}', "看不见的控制符"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "看不见的控制符"),
        (b'{"yes": "a\\u0000"}', "看不见的控制符"),
        (b'{"yes": "\xff"}', "不是 UTF-8"),
        ('{"yes": 1}'.encode("utf-16"), "不是 UTF-8"),
        (b"[" * 100_000, "不是合格的 JSON"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "嵌套超过 20 层"),
        (b'{"yes": 1', "不是合格的 JSON"),
    ],
)
def test_json_that_programs_read_differently_is_refused(client, body, words):
    """422 in the API's one shape: what one reader takes as this and another as that reaches nobody."""
    answer = client.post("/api/count", content=body, headers=JSON)
    assert answer.status_code == 422
    fault = answer.json()
    assert set(fault) == {"status", "message", "request", "errors"}
    assert words in fault["errors"][0]["message"]


@pytest.mark.parametrize(
    "body, fields",
    [
        ({}, {"yes": "没有填"}),
        ({"yes": True}, {"yes": "要填整数"}),
        ({"yes": "1"}, {"yes": "要填整数"}),
        ({"yes": 1, "way": "shout", "more": 1}, {"way": "只能是列出的几种之一", "more": "没有这一项"}),
        ([], {"": "要填一组内容"}),
    ],
)
def test_malformed_fields_are_named_one_by_one(client, body, fields):
    """The framework's English list becomes a Chinese sentence a field, with the request's number."""
    answer = client.post("/api/count", json=body)
    assert answer.status_code == 422
    assert {each["field"]: each["message"] for each in answer.json()["errors"]} == fields
    assert answer.json()["request"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "body", ["yes=1&yes=99", "yes=%00", "yes=%ff", "yes=%ed%a0%80", "&".join(f"a{n}=1" for n in range(2001))]
)
def test_a_form_that_says_a_thing_twice_or_not_in_text_is_refused(client, body):
    """The last of two equal fields does not win; bytes that are no text do not become question marks."""
    answer = client.post(
        "/count", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 422
    assert "<h1>有几处填得不对</h1>" in answer.text


def test_only_lists_may_repeat(client):
    """A roll call sends one name many times; such names end in []."""
    assert client.post("/sign-in", data={"present[]": ["p_1", "p_2"]}).json() == ["p_1", "p_2"]
    assert client.get("/api/search?name=a&name=b").status_code == 422
    assert client.get("/api/search?name=%ff").status_code == 422


def test_parts_of_an_upload_follow_the_same_rules(client):
    """Files pass with their Chinese names; a field given twice, or no text, is refused here too."""
    files = [("papers[]", ("签到表.jpg", b"\xff\xd8\x00")), ("papers[]", ("照片.png", b"\x89PNG"))]
    assert client.post("/sign-in", files=files).json() == ["签到表.jpg", "照片.png"]
    part = b'--x\r\nContent-Disposition: form-data; name="yes"\r\n\r\n%b\r\n'
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body in (
        part % b"1" + part % b"99" + b"--x--\r\n",
        part % b"\xff" + b"--x--\r\n",
        b"no parts at all",
    ):
        assert client.post("/count", content=body, headers=kind).status_code == 422
    assert client.post("/count", content=part % b"1" + b"--x--\r\n", headers=kind).json() == 1


def test_large_bodies_are_refused_before_they_are_read(client):
    """1 MiB for words, 64 MiB for forms with files, announced or not; in the API one path for uploads, which then asks who they are from."""
    large = b'{"yes": "' + b"x" * 1_100_000 + b'"}'
    assert client.post("/api/count", content=large, headers=JSON).status_code == 413
    assert client.post("/api/count", content=iter([large[:9], large[9:]]), headers=JSON).status_code == 413
    assert (
        client.post("/api/count", content=b"{}", headers={**JSON, "content-length": "9" * 30}).status_code
        == 413
    )
    two_mib = {"file": ("照片.jpg", b"x" * 2_097_152)}
    raw = {"content-type": "application/octet-stream"}
    assert client.post("/api/documents", files=two_mib).status_code == 401
    assert client.post("/api/documents", content=large, headers=raw).status_code == 401
    assert client.post("/api/documents", content=large, headers=JSON).status_code == 413
    assert client.post("/api/count", files=two_mib).status_code == 413
    words = {"present[]": "x" * 1_100_000}
    refused = client.post("/sign-in", data=words, files={"papers[]": ("a.jpg", b"x")})
    assert refused.status_code == 413
    assert "文字请删短一些" in refused.text


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.cn"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
    ],
)
def test_forms_of_other_sites_change_nothing(client, headers, status):
    """What a browser sends along tells whose form it was; reading is free."""
    assert client.post("/count", data={"yes": "1"}, headers=headers).status_code == status
    assert client.get("/feedback", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.cn", "localhost.evil.cn", "local/host", "[::1", "", "a@localhost", "10.0.0.5"]
)
def test_a_name_that_is_not_ours_is_not_served(client, host):
    """A stranger's name that resolves to this machine gets no page (421)."""
    assert client.get("/feedback", headers={"host": host}).status_code == 421


def test_a_server_open_to_the_village_answers_to_its_address(install):
    """Listening everywhere, it is called by number or by its public name, and by no other name."""
    place = install(host="0.0.0.0", insecure_http=True, public_url="http://cunyi.lan:8000")  # noqa: S104
    client = place.client()
    for host in ("192.168.1.5:8000", "cunyi.lan:8000", "localhost"):
        assert client.get("/feedback", headers={"host": host}).status_code == 200
    assert client.get("/feedback", headers={"host": "evil.cn"}).status_code == 421
    assert "连接没有加密" in client.get("/feedback").text


@pytest.mark.parametrize(
    "path, status",
    [("/feedback", 200), ("/nothing", 404), ("/broken", 500), ("/dying-disk", 503), ("/count", 405)],
)
def test_every_answer_carries_the_same_headers(client, path, status):
    """Also errors, also the worst of them; the number on the page is the number in the header."""
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"] in answer.text
    assert "strict-transport-security" not in answer.headers


def test_the_worst_error_tells_its_number_and_nothing_else(client, caplog):
    """No trace and no detail on the page; the number is in the log."""
    caplog.set_level(logging.ERROR)
    answer = client.get("/broken")
    assert "系统出错了" in answer.text
    assert "秘密" not in answer.text
    assert f"{answer.headers['x-request-id']} RuntimeError" in caplog.text


def test_tls_is_remembered_and_static_files_may_be_kept(install):
    """HSTS only where there is TLS; a file asked for by its digest may be cached for ever, and only then."""
    place = install(public_url="https://cunyi.example.cn")
    place.person()
    client = place.client()
    page = client.get("/login")
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    sheet = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(sheet).headers["cache-control"]
    assert client.get("/static/style.css").headers["cache-control"] == "no-store"
    assert client.get("/static/../settings.py").status_code == 404


@pytest.mark.parametrize(
    "path", ["/nothing", "/places/abc", "/login%00", "/%0d%0aX: y", "/docs", "/openapi.json", "/login/"]
)
def test_what_is_not_there_is_not_there(client, path):
    """404 for strange paths, never an error page of the server; the framework's own pages are off."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>没有找到这一页</h1>" in answer.text


def test_errors_under_api_are_json(client):
    """A program never gets a page."""
    assert client.get("/api/nothing").json()["message"] == "没有找到这一页"
    assert client.get("/api/count").json()["status"] == 405
    text = client.post("/api/count", content=b"yes=1", headers={"content-type": "text/plain"})
    assert text.status_code == 422
    assert json.loads(text.content)["errors"] == [{"field": "", "message": "要填一组内容"}]


@pytest.mark.parametrize(
    "path, headers",
    [
        ("/login", {"content-type": "multipart/form-data; boundary=" + "x" * 400}),
        ("/login", {"origin": "http://["}),
        ("/login", {"origin": "http://[x]"}),
        ("/login", {"host": "[abc]"}),
        ("/login", {"host": "[]"}),
    ],
    ids=["boundary", "open bracket", "no address", "host", "empty host"],
)
def test_what_cannot_be_parsed_is_the_askers_fault(client, path, headers):
    """A header that no parser understands is answered with 4xx, not with a broken server."""
    assert 400 <= client.post(path, content=b"x", headers=headers).status_code < 500


def test_a_page_far_beyond_the_last_is_refused(client):
    """A number no register reaches is no page; the database is not asked with it."""
    assert client.get(f"/v/371329105201?before={10**40}").status_code == 422


@pytest.mark.parametrize("many", [1500, 1999])
def test_as_many_fields_as_a_form_may_have_arrive(client, many):
    """Both ways of sending a form take what the guard lets through."""
    fields = {f"f{number}": "1" for number in range(many)}
    assert client.post("/sign-in", data=fields).status_code == 200
    assert client.post("/sign-in", data=fields, files={"papers[]": ("a.jpg", b"x")}).status_code == 200
