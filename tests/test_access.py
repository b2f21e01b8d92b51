"""Who may do what: queries that stay inside the warehouse, a server for its own pages, text that stays text."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.cli import main
from pipelines.escaping import as_code_block, escape_markdown
from pipelines.orchestration.guard import Guard


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "talent.duckdb")) as connection:
        connection.execute(
            "create table odd as select 'a\x1b]0;x\x07b\u202ec' as \"na\x1bme\", e'one\\ntwo\\r' as lines"
        )
    return tmp_path


@pytest.mark.parametrize(
    "query",
    [
        "copy odd to '{out}'",
        "copy (select 1) to '{out}' (format csv)",
        "export database '{out}'",
        "attach '{out}' as other",
        "from read_text('{secret}')",
        "from read_csv('{secret}')",
        "from '{secret}'",
        "from glob('{secret}')",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset enable_external_access",
        "set temp_directory = '{out}'",
        "pragma enable_profiling; set profiling_output = '{out}'",
    ],
)
def test_a_query_reads_and_writes_nothing_but_the_warehouse(
    warehouse: Path, query: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = warehouse / "secret.csv"
    secret.write_text("a,b\ns3cret,1\n")
    out = warehouse / "out"
    before = sorted(warehouse.iterdir())
    assert main(["sql", "--warehouse", str(warehouse), query.format(out=out, secret=secret)]) == 1
    assert "s3cret" not in capsys.readouterr().out
    assert sorted(p for p in warehouse.iterdir() if not p.name.endswith(".tmp")) == before


def test_who_wants_files_says_so(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (warehouse / "open.csv").write_text("a,b\nword,1\n")
    query = f"from read_csv('{warehouse / 'open.csv'}')"
    assert main(["sql", "--allow-files", "--warehouse", str(warehouse), query]) == 0
    assert "word" in capsys.readouterr().out


def test_a_statement_without_rows_is_no_fault(warehouse: Path) -> None:
    assert main(["sql", "--warehouse", str(warehouse), "load json; select 1"]) == 0


@pytest.mark.parametrize("options", [[], ["--csv"], ["--full"]])
def test_control_characters_never_reach_a_terminal(
    warehouse: Path, options: list[str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["sql", *options, "--warehouse", str(warehouse), "from odd"]) == 0
    shown = capsysbinary.readouterr().out
    text = shown.decode()
    assert not [c for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c == "\u202e"]
    assert b"x1b" in shown or b"\\e" in shown
    assert "\\u202e" in text


def test_csv_lines_end_with_a_line_feed_alone(warehouse: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["sql", "--csv", "--warehouse", str(warehouse), "select 1 as a, 2 as b"]) == 0
    assert capsysbinary.readouterr().out == b"a,b\n1,2\n"


def test_messages_of_failures_are_escaped_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "no\x1b[2Jsuch"), "--raw", str(tmp_path), "--warehouse", str(tmp_path)]) == 1
    assert "\x1b" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("text", ["![x](http://e.org/a.png)", "<img src=x onerror=y>", "a\n# b", "[a](javascript:b)"])
def test_text_of_a_document_is_only_text_in_markdown(text: str) -> None:
    escaped = escape_markdown(text)
    assert "\n" not in escaped
    assert "<" not in escaped
    assert "](" not in escaped
    assert not escaped.startswith("#")


def test_a_code_block_cannot_be_closed_from_within() -> None:
    fence, *_, last = as_code_block("x\n````\n![a](b)").splitlines()
    assert fence == last == "`````"


# ---------------------------------------------------------------------------------------------------------- the guard


async def _served(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"in"})


def ask(
    method: str = "GET", path: str = "/", query: str = "", kind: str = "http", any_host: bool = False,
    password: str = "", **headers: str,
) -> int:  # fmt: skip
    """The status that the guard answers with; 200 where the request got through (101 for a socket)."""
    named = {"host": "127.0.0.1:3000", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": kind, "path": path, "query_string": query.encode(), "method": method,
        "headers": [(k.encode(), v.encode()) for k, v in named.items() if v != "-"],
    }  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Guard(_served, any_host=any_host, password=password)(scope, receive, send))
    if kind == "websocket":
        return 101 if sent[0]["type"] == "websocket.accept" else 403
    assert {b"x-frame-options", b"x-content-type-options"} <= {name for name, _ in sent[0]["headers"]}
    return int(sent[0]["status"])


JSON = {"content_type": "application/json"}
OWN = "http://127.0.0.1:3000"
ELSEWHERE = "http://evil.example"


def test_the_pages_of_the_server_itself_get_through() -> None:
    assert ask() == 200
    assert ask(host="localhost:3000") == 200
    assert ask(host="[::1]:3000") == 200
    assert ask("POST", "/graphql", origin=OWN, sec_fetch_site="same-origin", **JSON) == 200
    assert ask("POST", "/graphql", content_type="application/json; charset=utf-8") == 200
    assert ask(path="/graphql", kind="websocket", origin=OWN) == 101
    assert ask(sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="document") == 200


def test_an_image_in_another_page_changes_nothing() -> None:
    mutation = "query=mutation{wipeAssets}"
    assert ask("GET", "/graphql", mutation) == 405
    assert ask("GET", "/graphql", mutation, sec_fetch_site="cross-site", sec_fetch_mode="no-cors") == 403
    assert ask("HEAD", "/graphql", mutation) == 405
    assert ask("POST", "/graphql", mutation, **JSON) == 400
    assert ask("GET", "/logs/x", sec_fetch_site="cross-site", sec_fetch_mode="no-cors") == 403


def test_a_form_in_another_page_changes_nothing() -> None:
    for kind in ("text/plain; application/json", "application/x-www-form-urlencoded", "application/graphql", "-"):
        assert ask("POST", "/graphql", content_type=kind) == 415
    for origin in (ELSEWHERE, "null", "http://127.0.0.1:3001", "http://127.0.0.1:3000.evil.example", "http://["):
        assert ask("POST", "/graphql", origin=origin, **JSON) == 403
    assert ask("POST", "/report_asset_materialization/a", content_type="text/plain") == 415
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        assert ask(method, "/graphql", **JSON) == 405


def test_a_name_that_was_bound_to_this_machine_is_not_answered() -> None:
    for host in ("evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example", "[::", "10.0.0.1:3000"):
        assert ask(host=host) == 403
    assert ask(host="-") == 400
    assert ask(host="evil.example", any_host=True) == 200
    assert ask("POST", "/graphql", host="a.example", origin=ELSEWHERE, any_host=True, **JSON) == 403


def test_a_socket_from_another_page_is_closed() -> None:
    assert ask(path="/graphql", kind="websocket", origin=ELSEWHERE) == 403
    assert ask(path="/graphql", kind="websocket", host="evil.example", origin="http://evil.example") == 403


def test_a_password_is_asked_for_where_one_is_set() -> None:
    secret = "long enough secret"
    good = "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()
    assert ask(password=secret, authorization=good) == 200
    for wrong in ("-", "Basic", "Basic !!", "Bearer x", "Basic " + base64.b64encode(b"any:other").decode()):
        assert ask(password=secret, authorization=wrong) == 401
    assert ask(path="/graphql", kind="websocket", password=secret) == 403


def test_others_reach_the_server_only_with_a_proxy_or_a_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["ui", "--host", "0.0.0.0", "--raw", str(tmp_path / "r"), "--warehouse", str(tmp_path / "w")]
    assert main(arguments) == 1
    assert "--i-have-a-proxy" in capsys.readouterr().err
    monkeypatch.setenv("TALENT_UI_PASSWORD", "short")
    assert main(arguments) == 1
    assert "12 characters" in capsys.readouterr().err
