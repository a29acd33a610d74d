"""Pictures of the demo's pages: ``python -m tests.screenshots / /login`` writes docs/images/*.png."""

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from tests import browser

IMAGES = Path(__file__).parent.parent / "docs" / "images"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}


def main(pages: list[str]) -> int:
    """Starts a demo in a folder of its own, photographs each page on a phone and on a desk, and stops it."""
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
            [str(Path(sys.executable).with_name("cunyi")), "demo", "--data", data, "--port", str(port)]
        )
        try:
            answers(demo, port)
            photograph(chromium, f"http://127.0.0.1:{port}", pages)
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


def photograph(chromium: Browser, address: str, pages: list[str]) -> None:
    """Writes one picture for each page and size; the name is the page's path."""
    for size, (width, height) in SIZES.items():
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        for path in pages:
            page.goto(address + path)
            name = path.strip("/").replace("/", "-") or "home"
            page.screenshot(path=IMAGES / f"{name}-{size}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["/"]))
