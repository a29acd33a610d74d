"""What `advance` would answer, without writing: the page on which people check what they typed before it counts."""

from workflow.core.attempt import Decision, Refusal
from workflow.core.days import civil_day
from workflow.gather import Gathered, gather
from workflow.installation import Installation
from workflow.request import Malformed, NoSuch, Request, Stale
from workflow.weigh import Weighed, weigh

Preview = Decision | Refusal | Malformed | Stale | NoSuch


def preview(here: Installation, request: Request) -> Preview:
    """Decide in a reading transaction. The answer holds for now: `advance` decides again when the act is recorded."""
    with here.database.reading() as conn:
        known = here.matter(conn, request.place, request.matter) if request.matter else None
        gathered = gather(here, conn, request, known.mseq + 1 if known else None)
        if isinstance(gathered, Malformed | Stale | NoSuch):
            return gathered
        if not isinstance(gathered, Gathered):
            raise TypeError(f"gathering does not answer {type(gathered).__name__}")
        weighed = weigh(here, conn, gathered, request, civil_day(here.clock()))
    return weighed.decision if isinstance(weighed, Weighed) else weighed
