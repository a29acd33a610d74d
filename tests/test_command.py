"""The command line as its callers meet it: exit status, one line on stderr when the call is wrong, one JSON document."""

import json
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import builders, calling
from web import store
from workflow.installation import create, open_at

ROOT = Path(__file__).parent.parent
INIT = ("--county", builders.COUNTY, "--name", "临沭县")


def cunyi(*arguments: object, **environment: str) -> calling.Done:
    """Run one command in a process of its own."""
    return calling.call([str(each) for each in arguments], environment)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """The folder of an installation with a village, a matter and an administrator."""
    folder = tmp_path_factory.mktemp("command") / "data"
    here = create(folder, builders.COUNTY, "临沭县", clock=builders.Clock())
    people = builders.village(here)
    builders.life(here, people, "opened")
    with here.database.writing() as conn:
        store.create_account(
            conn, name="管理员", display="管理员", group="administrator", scope="371329", place_name="临沭县",
            now=here.clock(), person=people.administrator,
        )  # fmt: skip
    here.close()
    return folder


@pytest.fixture
def taken():
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


WRONG = {
    "nothing": (),
    "no such command": ("vrify",),
    "no such option": ("check", "--fast"),
    "init without county": ("init", "--data", "{new}", "--name", "临沭县"),
    "init of a village": ("init", "--data", "{new}", "--county", "371329105201", "--name", "张庄村"),
    "init with letters": ("init", "--data", "{new}", "--county", "abcdef000000", "--name", "某县"),
    "init without a name": ("init", "--data", "{new}", "--county", builders.COUNTY, "--name", " "),
    "init nowhere": ("init", *INIT),
    "init over another": ("init", "--data", "{data}", *INIT),
    "init in a file": ("init", "--data", "{file}", *INIT),
    "init with a bad address": ("init", "--database", "mysql://x/y", "--data", "{new}", *INIT),
    "init without an address": ("init", "--database", "no address", "--data", "{new}", *INIT),
    "serve nowhere": ("serve",),
    "serve nothing": ("serve", "--data", "{new}"),
    "serve a text file": ("serve", "--database", "sqlite:///{file}", "--data", "{data}"),
    "serve a server that is not there": ("serve", "--database", "postgresql://127.0.0.1:1/x", "--data", "{data}"),
    "serve everybody in the clear": ("serve", "--data", "{data}", "--host", "0.0.0.0"),  # noqa: S104
    "serve a certificate without key": ("serve", "--data", "{data}", "--tls-cert", "{file}"),
    "serve a certificate that is none": ("serve", "--data", "{data}", "--tls-cert", "{file}", "--tls-key", "{file}"),
    "serve on a port of another": ("serve", "--data", "{data}", "--port", "{taken}"),
    "serve on no port": ("serve", "--data", "{data}", "--port", "70000"),
    "serve under no address": ("serve", "--data", "{data}", "--public-url", "cunyi.example.cn"),
    "check a file that is not there": ("check", "{new}"),
    "check an empty folder": ("check", "{empty}"),
    "case that is not there": ("case", "{new}"),
    "show nothing": ("show",),
    "show no such procedure": ("show", "siyi_lianggongka"),
    "show nowhere": ("show", "siyi_lianggongkai", "--place", "37132"),
    "show on no day": ("show", "siyi_lianggongkai", "--on", "2026-02-30"),
    "show in two ways": ("show", "siyi_lianggongkai", "--diagram", "--json"),
    "verify nothing": ("verify", "--data", "{new}"),
    "verify with no checkpoint": ("verify", "--data", "{data}", "--checkpoint", "{file}"),
    "verify with one that is not there": ("verify", "--data", "{data}", "--checkpoint", "{new}"),
    "rebuild nothing": ("rebuild", "--data", "{new}"),
    "backup to nowhere": ("backup", "--data", "{data}"),
    "backup over something": ("backup", "{data}", "--data", "{data}"),
    "restore no backup": ("restore", "{empty}", "--data", "{new}", "--reason", "试"),
    "restore without a reason": ("restore", "{empty}", "--data", "{new}"),
    "user": ("user",),
    "user of another group": (
        "user", "add", "x", "--display", "x", "--group", "mayor", "--scope", "371329", "--place-name", "x", "--data", "{data}",
    ),
    "user of no place": (
        "user", "add", "x", "--display", "x", "--group", "county", "--scope", "37", "--place-name", "x", "--data", "{data}",
    ),
    "user nobody knows": ("user", "code", "没有这个人", "--data", "{data}"),
    "token for nobody": ("token", "new", "没有这个人", "--data", "{data}"),
    "token for too long": ("token", "new", "管理员", "--days", "366", "--data", "{data}"),
    "token that is not there": ("token", "revoke", "管理员", "abc", "--data", "{data}"),
    "demo among other things": ("demo", "--data", "{data}"),
}  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_one_line_on_stderr(data, taken, tmp_path, arguments):
    """Status 2, nothing on stdout, one line that says what is wrong, no trace; and nothing is made."""
    file, empty, new = tmp_path / "file.txt", tmp_path / "empty", tmp_path / "new"
    file.write_text("no installation, no certificate, no checkpoint")
    empty.mkdir()
    given = {"data": data, "taken": taken, "file": file, "empty": empty, "new": new}
    done = cunyi(*(each.format(**given) for each in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"cunyi: .+\n", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert not new.exists()


def test_an_installation_begins_with_a_code_and_never_again(tmp_path):
    """`init` prints a code; again, while nobody has used it, a new one; its register is empty and holds."""
    folder = tmp_path / "data"
    first, again = (json.loads(cunyi("init", "--data", folder, *INIT, "--json").stdout) for _ in range(2))
    assert first["setup_url"] == "http://127.0.0.1:8000/setup"
    assert re.fullmatch(r"([A-Z2-7]{4}-){6}[A-Z2-7]{4}", first["setup_code"])
    assert again["setup_code"] != first["setup_code"]
    assert cunyi("verify", "--data", folder).returncode == 0
    here = open_at(folder)
    with here.database.writing() as conn:
        assert not store.redeem_code(conn, "setup", first["setup_code"], here.clock())
        assert store.redeem_code(conn, "setup", again["setup_code"], here.clock())
    here.close()


def test_the_folder_may_come_from_the_environment(data):
    """CUNYI_DATA and CUNYI_DATABASE say where, as --data and --database do."""
    assert cunyi("user", "list", CUNYI_DATA=str(data)).stdout.startswith("管理员")
    assert cunyi("user", "list", CUNYI_DATABASE=f"sqlite:///{data}/cunyi.db").stdout.startswith("管理员")


def test_the_shipped_texts_are_sound():
    """Procedures, layers, catalogues, statutes, calendars, cases and the demo's files: nothing to say."""
    done = cunyi("check", "procedures", "examples", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["findings"] == []


def test_every_fault_is_a_line_with_its_place(tmp_path):
    """All files are read to their end; faults come sorted, with file, line, column and code."""
    (tmp_path / "b.yaml").write_text("procedure: &x y\n")
    layer = (ROOT / "procedures/layers/371329/siyi_lianggongkai/2026-01-01.yaml").read_text()
    low = layer.replace("set:\n", "set:\n  stages.post_resolution.days: 3\n")
    (tmp_path / "a.yaml").write_text(low)
    (tmp_path / "c.yml").write_text("什么: 都不是\n")
    done = cunyi("check", tmp_path)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    places = [re.match(r".+/([abc])\.ya?ml:(\d+):(\d+) ([A-Z]\d{3}) .", line).groups() for line in lines]
    assert [(name, code) for name, _, _, code in places] == [("a", "F301"), ("b", "Y007"), ("c", "P214")]
    assert low.splitlines()[int(places[0][1]) - 1].strip() == "stages.post_resolution.days: 3"
    told = json.loads(cunyi("check", tmp_path, "--json").stdout)
    assert [each["code"] for each in told["findings"]] == ["F301", "Y007", "P214"]


def test_a_procedure_is_shown_with_its_layers():
    """The same place and day in words, as data and as a picture."""
    asked = ("show", "siyi_lianggongkai", "--place", builders.VILLAGE, "--on", "2026-03-01")
    assert "（临沭县" in cunyi(*asked).stdout
    assert json.loads(cunyi(*asked, "--json").stdout)["procedure"] == "siyi_lianggongkai"
    assert cunyi(*asked, "--diagram").stdout.startswith("<svg")
    assert cunyi(*asked, "--mermaid").stdout.startswith("flowchart")


def test_a_case_that_comes_out_differently_is_named(tmp_path):
    """The line of the case and the first difference; status 1."""
    text = (ROOT / "examples/posting.yaml").read_text().replace("结果: 公示期满", "结果: 通过", 1)
    (tmp_path / "posting.yaml").write_text(text)
    done = cunyi("case", tmp_path, "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["differences"]) == 1


def test_accounts_and_tokens_are_kept_from_the_command_line(data):
    """A new account gets a code; its token lives until it is revoked, or the account is closed."""
    where = ("--data", data, "--json")
    added = cunyi(
        "user", "add", "小李", "--display", "李文书", "--group", "secretary", "--scope", builders.VILLAGE,
        "--place-name", "张庄村", *where,
    )  # fmt: skip
    person = json.loads(added.stdout)["person"]
    assert person in {each["person"] for each in json.loads(cunyi("user", "list", *where).stdout)["accounts"]}
    secret = json.loads(cunyi("token", "new", "小李", "--scope", "act", *where).stdout)["token"]
    (kept,) = json.loads(cunyi("token", "list", "小李", *where).stdout)["tokens"]
    assert secret.split("_")[1] == kept["kid"]
    assert "digest" not in kept
    assert cunyi("token", "revoke", "小李", kept["kid"], *where).returncode == 0
    assert json.loads(cunyi("user", "close", "小李", *where).stdout) == {"closed": person}
    assert cunyi("user", "code", "小李", *where).returncode == 2


def test_a_backup_comes_back_under_a_new_epoch(data, tmp_path):
    """Backed up, checked, restored with the key; logins and tokens of before are ended."""
    made = json.loads(cunyi("backup", tmp_path / "backup", "--data", data, "--json").stdout)
    assert made["manifest"]["holds"] is True
    assert cunyi("restore", tmp_path / "backup", "--dry-run").returncode == 0
    token = json.loads(cunyi("token", "new", "管理员", "--data", data, "--json").stdout)["token"]
    assert cunyi("backup", tmp_path / "second", "--data", data).returncode == 0
    back = tmp_path / "back"
    done = cunyi(
        "restore",
        tmp_path / "second",
        "--data",
        back,
        "--reason",
        "磁盘坏了",
        "--key",
        data / "key",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["origin"] == "cunyi.371329/e2"
    assert cunyi("verify", "--data", back).returncode == 0
    here = open_at(back)
    with here.database.reading() as conn:
        assert store.token_holder(conn, token, here.clock()) is None
    here.database.close()
    (tmp_path / "backup" / "cunyi.db").write_bytes(b"x")
    assert cunyi("restore", tmp_path / "backup", "--dry-run").returncode == 1


def test_a_server_starts_signs_and_stops(data):
    """It answers on its port, signs what is recorded, and ends with status 0 when told to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "command", "serve", "--data", data, "--port", str(port)],
        cwd=ROOT, env=calling.environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while "startup complete" not in (line := server.stderr.readline()):
            assert line, "the server ended before it had started"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert json.load(answer)["status"] == "ok"
    finally:
        server.terminate()
        said = server.communicate(timeout=20)
    assert (server.returncode, said[0]) == (0, "")


def test_nobody_else_is_served_before_there_is_an_administrator(tmp_path):
    """A new installation listens on this machine only, TLS or not."""
    folder = tmp_path / "data"
    cunyi("init", "--data", folder, *INIT)
    for more in (("--insecure-http",), ("--public-url", "https://cunyi.example.cn")):
        done = cunyi("serve", "--data", folder, "--host", "0.0.0.0", *more)  # noqa: S104
        assert (done.returncode, done.stdout) == (2, "")
        assert "还没有管理员" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("check", "procedures/calendars"), ("route", "修路"), ("show", "siyi_lianggongkai")]
)
def test_a_county_without_a_register_loads_no_database_and_no_web(arguments):
    """What reads texts alone starts without what serves: an official runs it after every edit."""
    code = "import sys; from command.main import run; run(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, env=calling.environment({}), capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "workflow.library" in loaded
    assert not loaded & {"web", "fastapi", "sqlalchemy", "psycopg", "jinja2"}
