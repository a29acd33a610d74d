"""Pictures of the demo for the README: ``python -m tests.screenshots`` writes docs/images/*.png."""

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from command.seeding import PASSWORD
from tests import browser

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
PICTURES = {
    "matter-desk": ("shuji1", "/secretary/matters/371329105201-2026-0004"),
    "today-phone": ("shuji1", "/"),
    "notice-phone": (None, "/v/371329105201"),
}


def main() -> int:
    """Starts a demo in a folder of its own, photographs its pages, and stops it."""
    path = browser.executable()
    if path is None:
        sys.stderr.write(f"no browser on the path: install one of {', '.join(browser.NAMES)}\n")
        return 2
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, browser.chromium(path) as chromium:
        demo = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("cunyi")),
                "demo",
                "--data",
                f"{data}/demo",
                "--port",
                str(port),
            ]
        )
        try:
            answers(demo, port)
            photograph(chromium, f"http://127.0.0.1:{port}")
        finally:
            demo.terminate()
            demo.wait()
    return 0


def answers(demo: subprocess.Popen[bytes], port: int) -> None:
    """Returns when the demo listens; raises ChildProcessError if it ends before."""
    while demo.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    raise ChildProcessError(f"the demo ended with status {demo.returncode}")


def photograph(chromium: Browser, address: str) -> None:
    """Writes one picture a page, as much of it as the screen shows."""
    for name, (login, path) in PICTURES.items():
        width, height = SIZES[name.rpartition("-")[2]]
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        if login is not None:
            page.goto(f"{address}/login")
            page.fill("input[name=name]", login)
            page.fill("input[name=password]", PASSWORD)
            page.click("form[action='/login'] button")
        page.goto(address + path)
        page.screenshot(path=IMAGES / f"{name}.png")
        context.close()


if __name__ == "__main__":
    sys.exit(main())
