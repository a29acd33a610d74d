"""The kinds of stage there are, each named here once: what a file may say, and the words each kind brings."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field as YamlField

from workflow.core.stage import CheckWords, Vocabulary
from workflow.core.stages import (
    appointment,
    ballot,
    contract,
    inspection,
    joint,
    meeting,
    motion,
    posting,
    record,
    reply,
    scoring,
    signoff,
    tracks,
    work,
)

AnyStage = Annotated[
    motion.Motion
    | meeting.Meeting
    | signoff.Signoff
    | posting.Posting
    | work.Work
    | inspection.Inspection
    | contract.Contract
    | reply.Reply
    | appointment.Appointment
    | ballot.Ballot
    | scoring.Scoring
    | joint.Joint
    | record.Record,
    YamlField(discriminator="kind", title="步骤"),
]  # fmt: skip
VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    "motion": motion.VOCABULARY,
    "meeting": meeting.VOCABULARY,
    "signoff": signoff.VOCABULARY,
    "posting": posting.VOCABULARY,
    "work": work.VOCABULARY,
    "inspection": inspection.VOCABULARY,
    "contract": contract.VOCABULARY,
    "reply": reply.VOCABULARY,
    "appointment": appointment.VOCABULARY,
    "ballot": ballot.VOCABULARY,
    "scoring": scoring.VOCABULARY,
    "joint": joint.VOCABULARY,
    "record": record.VOCABULARY,
}
KINDS: Final[Mapping[str, str]] = {
    **{kind: words.title for kind, words in VOCABULARIES.items()},
    **tracks.KINDS,
}
CHECKS: Final[CheckWords] = {
    check: words for each in VOCABULARIES.values() for check, words in each.checks.items()
}
OUTCOMES: Final[Mapping[str, str]] = {
    outcome: words for each in VOCABULARIES.values() for outcome, words in each.outcomes.items()
}
TOKENS: Final[Mapping[str, Mapping[str, str]]] = {
    field: words for each in VOCABULARIES.values() for field, words in each.tokens.items()
}
