"""What `advance` would answer, without writing: the page on which people check what they typed before it counts."""

from collections.abc import Mapping

from workflow.advance import _decide, _personal_data
from workflow.core.attempt import Attempt, Decision, Refusal
from workflow.core.days import civil_day
from workflow.core.facts import Facts, FieldError, read_facts
from workflow.gather import Gathered, gather
from workflow.installation import Installation
from workflow.request import Malformed, NoSuch, Request, Stale
from workflow.store import register

Preview = Decision | Refusal | Malformed | Stale | NoSuch


def preview(here: Installation, request: Request) -> Preview:
    """Decide in a reading transaction. The answer holds for now: `advance` decides again when the act is recorded."""
    day = civil_day(here.clock())
    with here.database.reading() as conn:
        known = here.matter(conn, request.place, request.matter) if request.matter else None
        gathered = gather(here, conn, request, known.mseq + 1 if known else None)
        if not isinstance(gathered, Gathered):
            return _narrowed(gathered)
        facts, errors = read_facts(gathered.form, request.facts)
        errors += _not_kept(facts.documents, register.document_sizes(conn, _digests(facts)))
    if errors:
        return Malformed(tuple(errors))
    facts = Facts({**facts.open, **gathered.extra}, facts.private, facts.documents)
    attempt = Attempt(
        request.action, request.actor, request.acted_on, day, facts, request.auth or "", request.deputy_for
    )
    decision = _decide(here, gathered, attempt)
    private = _personal_data(request.action, facts.private)
    if private or isinstance(decision, Refusal):
        return Refusal((*(decision.requirements if isinstance(decision, Refusal) else ()), *private))
    return decision


def _narrowed(answer: object) -> Preview:
    if isinstance(answer, Malformed | Stale | NoSuch):
        return answer
    raise TypeError(f"gathering does not answer {type(answer).__name__}")


def _digests(facts: Facts) -> list[str]:
    return [one for many in facts.documents.values() for one in many]


def _not_kept(documents: Mapping[str, tuple[str, ...]], kept: Mapping[str, int]) -> list[FieldError]:
    return [
        FieldError(name, "文件没有上传成功，请重新上传")
        for name, many in documents.items()
        if any(one not in kept for one in many)
    ]
