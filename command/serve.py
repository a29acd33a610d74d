"""`cunyi serve`: one installation, one process."""

import errno
import logging
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from command.answers import WrongCall
from command.installation import Data, DatabaseUrl, located, opened
from web import store
from web.app import create_app
from web.settings import EVERYWHERE, Settings

Host = Annotated[str, typer.Option(metavar="H", help="监听的地址；只在本机使用时不要改。")]
Port = Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="监听的端口。")]


def serve(  # noqa: PLR0913 - one option each
    *,
    data: Data = None,
    database: DatabaseUrl = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    tls_cert: Annotated[Path | None, typer.Option(metavar="FILE", help="证书文件（PEM）。")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="证书的私钥文件（PEM）。")] = None,
    public_url: Annotated[
        str, typer.Option(metavar="URL", help="大家在浏览器里输入的网址，印在公示纸的二维码里。")
    ] = "",
    insecure_http: Annotated[
        bool, typer.Option("--insecure-http", help="明知不加密也要给别的电脑用；每页会有红字提醒。")
    ] = False,
    behind_proxy: Annotated[
        str,
        typer.Option(
            metavar="ADDR",
            help="前面有反向代理时，写它的地址，例如 127.0.0.1；代理须自己写 X-Forwarded-For，不照抄来的。",
        ),
    ] = "",
    contact: Annotated[str, typer.Option(help="“意见建议”页上的联系电话。")] = "",
) -> None:
    """Serve until told to stop."""
    if (tls_cert is None) != (tls_key is None):
        raise WrongCall("--tls-cert 和 --tls-key 要一起写")
    folder, url = located(data, database)
    if tls_cert and public_url.startswith("http://"):
        raise WrongCall("有证书，--public-url 就要写成 https://…")
    if tls_cert and not public_url:
        if host in EVERYWHERE:
            raise WrongCall("监听所有地址时，请用 --public-url 写明大家输入的 https 网址")
        public_url = f"https://{f'[{host}]' if ':' in host else host}:{port}"
    settings = settings_of(
        host=host, port=port, data=folder, database=url or "", public_url=public_url,
        insecure_http=insecure_http, contact=contact,
    )  # fmt: skip
    here = opened(data, database)
    with here.database.reading() as conn:
        if not settings.loopback and not store.has_account(conn):
            raise WrongCall("还没有管理员：请先只在本机打开（不写 --host），用启用码建第一个管理员")
    listen(create_app(settings, here), settings, tls_cert, tls_key, behind_proxy)
    here.database.close()


def settings_of(**given: object) -> Settings:
    """Return the settings; what contradicts itself is a wrong call, in the settings' own words."""
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise WrongCall(
            str(first.get("ctx", {}).get("error") or f"{first['loc'][0]}: {first['msg']}")
        ) from None


def listen(
    app: FastAPI, settings: Settings, tls_cert: Path | None = None, tls_key: Path | None = None, proxy: str = "",
) -> None:  # fmt: skip
    """Serve until the process is told to stop; `WrongCall` where the address is taken or the certificate is none.

    Delays and limits count by a visitor's address: only a proxy's own word about it is believed, from `proxy` alone.
    """
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        words = "已有程序在用，请换一个 --port" if taken else "不能监听：" + str(error.strerror or error)
        raise WrongCall(f"{settings.host}:{settings.port} {words}") from None
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(level=logging.INFO, format="%(asctime)sZ %(levelname)s %(name)s %(message)s")
    config = uvicorn.Config(
        app, server_header=False, proxy_headers=bool(proxy), forwarded_allow_ips=proxy or "127.0.0.1", access_log=False,
        log_config=None,
        ssl_certfile=tls_cert, ssl_keyfile=tls_key, timeout_graceful_shutdown=10,
    )  # fmt: skip
    try:
        config.load()
    except OSError as error:
        listening.close()
        raise WrongCall(f"证书或私钥用不了：{error}") from None
    typer.echo(f"村议已打开：{settings.url}（按 Ctrl+C 停下）", err=True)
    # Uvicorn raises the signal that stopped it once more, when everything is shut down.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run([listening])
    listening.close()
