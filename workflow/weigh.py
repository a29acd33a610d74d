"""Decides a gathered request: reads the form, asks the core, and the masking gate. Writes nothing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.days import CalendarEnds
from workflow.core.decide import decide
from workflow.core.facts import Facts, FieldError, read_facts
from workflow.core.masking import personal_numbers
from workflow.core.place_acts import decide_place, place_actions
from workflow.gather import Gathered
from workflow.installation import Installation
from workflow.published import against
from workflow.request import Malformed, Request
from workflow.store import register

PUBLIC_TEXTS: Mapping[str, tuple[str, ...]] = {
    "open": ("title",),
    "post": ("text", "places", "contact"),
    "post_again": ("text", "places", "contact"),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """An act that stands: its facts as read, the sizes of its documents by digest, the decision."""

    facts: Facts
    sizes: Mapping[str, int]
    decision: Decision


def weigh(
    here: Installation, conn: Connection, gathered: Gathered, request: Request, recorded_on: datetime.date
) -> Weighed | Refusal | Malformed:
    """Decide the request as recorded on that day: the act, every reason against it, or what cannot be read."""
    facts, errors = read_facts(gathered.form, request.facts)
    sizes = register.document_sizes(conn, [one for many in facts.documents.values() for one in many])
    errors += [
        FieldError(name, "文件没有上传成功，请重新上传")
        for name, many in facts.documents.items()
        if any(one not in sizes for one in many)
    ]
    errors += [FieldError("text", each) for each in against(here, gathered.place, request.action, facts)]
    if errors:
        return Malformed(tuple(errors))
    facts = Facts({**facts.open, **gathered.extra}, facts.private, facts.documents)
    attempt = Attempt(
        request.action,
        request.actor,
        request.acted_on,
        recorded_on,
        facts,
        request.auth or "",
        request.deputy_for,
    )
    try:
        decision = _decided(here, gathered, attempt)
    except CalendarEnds as error:
        return Malformed((FieldError("", str(error)),))
    private = _personal_data(request.action, facts.private)
    if isinstance(decision, Refusal) or private:
        asked = decision.requirements if isinstance(decision, Refusal) else ()
        return Refusal((*asked, *private))
    return Weighed(facts, sizes, decision)


def _decided(here: Installation, gathered: Gathered, attempt: Attempt) -> Decision | Refusal:
    law = here.library.law
    if gathered.compiled is None or gathered.matter is None:
        actions = place_actions(here.library.catalogue(attempt.acted_on, gathered.place.code))
        return decide_place(actions, law, gathered.place, attempt)
    return decide(gathered.compiled, law, gathered.matter, gathered.place, attempt)


def _personal_data(action: str, private: Mapping[str, str]) -> tuple[Requirement, ...]:
    """Ask the masking gate of every text that will be public (trust.md §3.6)."""
    return tuple(
        Requirement(
            "posting.personal_data",
            met=False,
            numbers={"field": name, "what": each.what, "at": each.start + 1},
            basis=("个人信息保护法第十条、第二十五条",),
        )
        for name in PUBLIC_TEXTS.get(action, ())
        for each in personal_numbers(private.get(name, ""))
    )
