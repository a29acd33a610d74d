"""The first office on record: the first administrator's, granted by the installation itself."""

import logging
import secrets
from typing import Final

from web import store
from workflow.advance import advance
from workflow.core.days import civil_day
from workflow.core.entry import ClockSuspect
from workflow.core.place_acts import INSTALLATION
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.request import Receipt, Request
from workflow.store import places

log = logging.getLogger("cunyi.web")
ADMINISTRATOR: Final = "administrator"


def found(here: Installation) -> bool:
    """Grant the first administrator the office where the county's record has none yet; whether it is granted now.

    Called after the set-up, and at every start: a process that died between the two finds its way again.
    """
    with here.database.reading() as conn:
        first = next((each for each in store.accounts(conn) if each.group_name == ADMINISTRATOR), None)
        county = next(iter(places.all_under(conn, level="county")), None)
        if first is None or county is None:
            return False
        if any(term.office == ADMINISTRATOR for term in here.place(conn, county.code).terms):
            return False
    today = civil_day(here.clock())
    facts = {"person": first.person, "office": ADMINISTRATOR, "from": today.isoformat()}
    act = Request(
        county.code, None, "grant_office", INSTALLATION, today, facts, secrets.token_hex(16), auth=None
    )
    try:
        answer = advance(here, act)
    except (ClockSuspect, NotInForce) as error:
        log.critical("the first administrator holds no office yet: %s", error)
        return False
    if not isinstance(answer, Receipt):
        log.critical("the first administrator holds no office yet: %s", answer)
    return isinstance(answer, Receipt)
