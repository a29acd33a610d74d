"""A village's board with one notice on it, as somebody without login finds it."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from tests.builders import VILLAGE, People, life, village
from workflow import notices
from workflow.store import register

TEXT, TITLE = "经村民代表会议决议，修建村东排水沟", "修建村东排水沟"
POSTED = 11


@dataclass
class Board:
    """A village with one posting that waits for its end, and a browser in front of it."""

    house: Any
    people: People
    matter: str
    client: TestClient

    @property
    def here(self):
        """The installation."""
        return self.house.here

    @property
    def notice(self) -> str:
        """The address of the posting."""
        return f"/n/{self.matter}/{POSTED}"

    def object(self, client: TestClient | None = None, **typed: str):
        """Hand in an objection; left out, it is anonymous and says that it is too dear."""
        data = {"key": "a" * 20, "content": "价格偏高", "named": "no"} | typed
        return (client or self.client).post(f"{self.notice}/object", data=data)

    def found(self, mseq: int = POSTED) -> notices.Notice | None:
        """The notice as the door gives it."""
        with self.here.database.reading() as conn:
            return notices.find(self.here, conn, self.matter, mseq)

    def entries(self) -> list:
        """The entries of the matter."""
        with self.here.database.reading() as conn:
            return register.of_matter(conn, VILLAGE, self.matter)


def posted_at(house: Any, until: str = "posting_confirmed") -> Board:
    """A village in this house, its matter led to that step of its life."""
    people = village(house.here)
    return Board(house, people, life(house.here, people, until), house.client())


def numbered(page: str) -> tuple[str, str]:
    """The number and the code that a lodged objection shows."""
    number = re.search(r"异议编号：<strong>(\d+)<", page)
    code = re.search(r"查询码：<strong class=\"code\">([A-Z2-7-]{9})<", page)
    assert number, page
    assert code, page
    return number[1], code[1]
