"""Finding matters by what people remember of them: a piece of the title, the kind, the number."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select

from web.matter_lists import MATTER
from workflow.core.catalogue import Kind

PAGE: Final = 50


def find(conn: Connection, scope: str, typed: str, kinds: Iterable[Kind], page: int = 1) -> list[Row[Any]]:
    """One page of the matters in a scope that fit, the newest first, and one more where there is a next page.

    The rows have the columns of `MatterRow`, whose objects would take longer to make than the whole page.
    """
    words = typed.strip()[:100]
    named = [
        kind.id for kind in kinds if words and any(words in text for text in (kind.title, *kind.examples))
    ]
    query = select(*MATTER.c).where(MATTER.c.place.startswith(scope, autoescape=True))
    if words:
        query = query.where(
            or_(
                MATTER.c.title.contains(words, autoescape=True),
                MATTER.c.id.contains(words, autoescape=True),
                MATTER.c.kind.in_(named),
            )
        )
    query = query.order_by(MATTER.c.opened_on.desc(), MATTER.c.id.desc())
    return list(conn.execute(query.limit(PAGE + 1).offset(PAGE * (page - 1))))
