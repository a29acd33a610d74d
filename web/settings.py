"""The settings of one installation: eight, each with its help text."""

import ipaddress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, never bound by default


class Settings(BaseModel):
    """Raises ValidationError, with a sentence for the person at the keyboard, when settings contradict."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="监听的地址。只在本机使用时不要改。")
    port: int = Field(8000, ge=1, le=65535, description="监听的端口。")
    data: Path = Field(Path("cunyi-data"), description="数据文件夹：登记簿、附件、签名钥匙都在里面。")
    database: str = Field("", description="数据库地址（postgresql://…）。不填就用数据文件夹里的 SQLite。")
    public_url: str = Field(
        "", description="大家在浏览器里输入的网址，印在公示纸的二维码里，例如 https://cunyi.example.cn。"
    )
    insecure_http: bool = Field(
        default=False, description="明知不加密也要给别的电脑用时才打开；每页会有红字提醒。"
    )
    demo: bool = Field(default=False, description="演示：示范数据和演示日期，不能办真事。")
    contact: str = Field("", max_length=100, description="“意见建议”页上的乡镇联系电话。")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.public_url:
            parts = urlsplit(self.public_url)
            if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
                raise ValueError("网址要写成 https://名字 或 http://名字:端口，后面不带路径")
        if not (self.tls or self.loopback or self.insecure_http):
            raise ValueError("给别的电脑用要先有 https 网址；确实只能不加密时，请写明 insecure_http")
        return self

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return _is_loopback(self.host)

    @property
    def tls(self) -> bool:
        """Whether browsers reach the server through TLS (its own or a reverse proxy's)."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; `__Host-` binds it to TLS, the host and the whole site."""
        return "__Host-sid" if self.tls else "sid"

    @property
    def exposed(self) -> bool:
        """Whether passwords travel unencrypted to other machines: the pages then carry a red line."""
        return not self.tls and not self.loopback

    @property
    def url(self) -> str:
        """The address people type, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def serves(self, host: str) -> bool:
        """Whether a `Host` header names this installation.

        A name that merely resolves to this machine is refused (DNS rebinding); a bare IP address cannot be
        rebound, so a server that listens everywhere answers to any.
        """
        try:
            name = (urlsplit(f"//{host}").hostname or "") if _is_sane(host) else ""
        except ValueError:
            return False
        if name in {self.host.lower(), "localhost", urlsplit(self.public_url).hostname or ""} - {""}:
            return True
        return _is_loopback(name) or (self.host in EVERYWHERE and _is_address(name))


def _is_sane(host: str) -> bool:
    return (
        bool(host)
        and all(sign.isalnum() or sign in ".-:[]" for sign in host)
        and host.count("[") == host.count("]")
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)
