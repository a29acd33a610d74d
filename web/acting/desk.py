"""From a filled form to the register: files kept, typing kept, a check before it counts, and every answer as a page."""

import re
import secrets
from dataclasses import replace
from datetime import date
from functools import partial

from fastapi import Request as WebRequest
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import store
from web.access import Viewer
from web.acting.papers import UPLOADED, findings, kept_files, read_first_day, take_files
from web.acting.said import Asked, asked, in_words_of
from web.acting.sentences import who_does
from web.acting.sheet import DAY, Sheet
from web.acting.view import names_of, view
from web.forms import Form
from web.pages import render, weekday
from workflow.advance import advance
from workflow.core.attempt import Decision, Refusal
from workflow.core.decide import LATE_REASON
from workflow.core.facts import read_facts
from workflow.core.matter import ENDS, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.place_acts import PUBLISH, place_actions
from workflow.forms import route_of
from workflow.installation import Installation
from workflow.preview import preview
from workflow.request import KeyReused, Malformed, NoSuch, Receipt, Request, Stale

_KEY = re.compile(r"[0-9a-f]{32}")
_ADVERSE = frozenset(
    {"adjourned", "rejected", "divided", "returned", "incomplete", "failed", "findings", "changed"}
)


def show(
    request: WebRequest,
    viewer: Viewer,
    sheet: Sheet,
    form: Form | None = None,
    *,
    status: int = 200,
    refused: list[Asked] | None = None,
    first: Form | None = None,
) -> Response:
    """The form, filled with the draft where nothing was posted; what `first` says stands above the draft."""
    here: Installation = request.app.state.here
    saved_at = ""
    with here.database.reading() as conn:
        if form is None:
            draft = store.read_draft(conn, viewer.person, *sheet.draft)
            form, saved_at = (Form.from_json(draft.body), draft.saved_at) if draft else (Form(), "")
            form.typed |= first.typed if first else {}
        kept = kept_files(conn, sheet, form)
    fields = list(sheet.asked)
    day = _day(form)
    if sheet.day_label and day is not None and day != sheet.today:
        fields.insert(0, replace(LATE_REASON, required=True, title="不是当天登记，为什么晚了"))
    return render(
        request, "acting/act.html", status=status, form=form, sheet=sheet, fields=fields, kept=kept,
        key=secrets.token_hex(16), refused=refused or [], saved_at=saved_at, **sheet.material,
    )  # fmt: skip


def submit(request: WebRequest, viewer: Viewer, sheet: Sheet, form: Form) -> Response:
    """What follows a posted form: kept for later, shown for checking, or recorded."""
    here: Installation = request.app.state.here
    take_files(here, viewer, sheet, form)
    if form.value("step") == "save":
        _save(request, viewer, sheet, form)
        if form.errors:
            return show(request, viewer, sheet, form, status=422)
        return render(request, "acting/saved.html", sheet=sheet)
    if sheet.action == PUBLISH and (faults := read_first_day(here, form)):
        return _not_recorded(request, viewer, sheet, form, Malformed(faults))
    asked_for = _request(viewer, sheet, form)
    if form.errors:
        return _again(request, viewer, sheet, form, 422)
    if form.value("step") == "record":
        owner, action = sheet.draft
        done_with = partial(store.drop_draft, person=viewer.person, matter=owner, action=action)
        answer = advance(here, asked_for, done_with)
        if not isinstance(answer, Receipt):
            return _not_recorded(request, viewer, sheet, form, answer)
        return RedirectResponse(_done(sheet, answer), status_code=303)
    foreseen = preview(here, asked_for)
    if not isinstance(foreseen, Decision):
        return _not_recorded(request, viewer, sheet, form, foreseen)
    _save(request, viewer, sheet, form)
    return _check(request, sheet, form, foreseen, asked_for)


def _not_recorded(
    request: WebRequest,
    viewer: Viewer,
    sheet: Sheet,
    form: Form,
    answer: Refusal | Malformed | Stale | KeyReused | NoSuch,
) -> Response:
    if isinstance(answer, Malformed):
        if sheet.action == PUBLISH:
            sheet = replace(
                sheet, shown="text_findings", material=findings(request.app.state.here, form, answer.errors)
            )
            said = sum(each.field == "text" for each in answer.errors)
            if said:
                form.fail("text", f"文本里有 {said} 处要改，一条一条列在下面")
        form.take(answer.errors)
        return _again(request, viewer, sheet, form, 422)
    if isinstance(answer, Refusal):
        return _again(request, viewer, sheet, form, 409, refused=_said(sheet, answer))
    if isinstance(answer, Stale):
        _save(request, viewer, sheet, form)
        return _stale(request, viewer, sheet, form)
    if isinstance(answer, KeyReused):
        raise HTTPException(422, "这张表已经用来登记过别的内容了。请回到事项页面，看“全部记录”。")
    raise HTTPException(404)


def _again(
    request: WebRequest, viewer: Viewer, sheet: Sheet, form: Form, status: int,
    *, refused: list[Asked] | None = None,
) -> Response:  # fmt: skip
    _save(request, viewer, sheet, form)
    return show(request, viewer, sheet, form, status=status, refused=refused)


def _day(form: Form) -> date | None:
    """The day typed, if it is one; without a word on the field."""
    return Form(form.typed).day(DAY, "")


def _request(viewer: Viewer, sheet: Sheet, form: Form) -> Request:
    """What the form asks to have recorded; everything that cannot be read is put on its field."""
    day = form.day(DAY, sheet.day_label) if sheet.day_label else sheet.today
    fields = sheet.reading()
    facts = form.given(fields) | dict(sheet.fixed)
    for each in sheet.fields:
        if each.type == "documents" and (digests := form.values(f"{each.name}_kept")):
            facts[each.name] = digests
    form.take(read_facts(fields, facts)[1])
    # A form may offer less than the act would take: persons by name, the offices that this room grants.
    for each in sheet.asked:
        if each.choices and form.value(each.name) not in {"", *(one.token for one in each.choices)}:
            form.fail(each.name, f"{each.title}请从列出的几项里选一项。{each.hint}")
    if day is not None and day < sheet.today and LATE_REASON.name not in facts:
        form.fail(LATE_REASON.name, "不是当天登记的，请写清楚为什么晚了")
    key, seen = form.value("key"), form.value("seen")
    if not _KEY.fullmatch(key):
        form.fail("", "这张表不完整，请重新打开再填")
    return Request(
        place=sheet.place,
        matter=sheet.matter,
        action=sheet.action,
        actor=viewer.person,
        acted_on=day or sheet.today,
        facts=facts,
        key=key,
        seen=(int(seen) if seen.isdecimal() and seen.isascii() else 0) if sheet.matter else None,
        auth=viewer.auth,
    )


def _save(request: WebRequest, viewer: Viewer, sheet: Sheet, form: Form) -> None:
    here: Installation = request.app.state.here
    with here.database.writing() as conn:
        store.save_draft(conn, viewer.person, *sheet.draft, form.to_json(), request.app.state.watch())


def _said(sheet: Sheet, answer: Refusal) -> list[Asked]:
    """Every unmet requirement in words; one about a text names the question instead of the field."""
    titles = {each.name: each.title for each in sheet.fields}
    return asked(
        replace(each, numbers={**each.numbers, "field": titles.get(str(each.numbers["field"]), "")})
        if "field" in each.numbers
        else each
        for each in answer.requirements
        if not each.met and each.weight in ("refuses", "decides")
    )


def _done(sheet: Sheet, receipt: Receipt) -> str:
    if receipt.entry.matter:
        return f"/{sheet.room}/matters/{receipt.entry.matter}/done/{receipt.entry.mseq}"
    return f"/{sheet.room}/place/done/{receipt.entry.pseq}?place={sheet.place}"


def _check(request: WebRequest, sheet: Sheet, form: Form, decision: Decision, asked_for: Request) -> Response:
    here: Installation = request.app.state.here
    outcome = str(decision.computed.get("would_be", decision.outcome))
    with here.database.reading() as conn:
        kept, names = kept_files(conn, sheet, form), names_of(conn)
    answers: list[tuple[str, str, str]] = []
    change = f"{sheet.url}#f-"
    if sheet.day_label:
        late = asked_for.acted_on < sheet.today
        answers.append((sheet.day_label, weekday(asked_for.acted_on), change + DAY))
        if late:
            answers.append(("为什么晚了登记", form.value(LATE_REASON.name), change + LATE_REASON.name))
    for each in sheet.asked:
        if each.type == "documents":
            shown = "、".join(name for _, name in kept.get(each.name, []))
        else:
            value = asked_for.facts.get(each.name)
            if each.type == "choice":
                value = None if value is None else str(value)
            shown = "" if value is None else in_words_of(each, value, names)
        answers.append((each.title, shown, change + each.name))
    confirmer = _confirmer(here, sheet) if decision.confirming else ""
    hidden = [
        (name, text)
        for name, texts in form.typed.items()
        for text in texts
        if name not in ("step", f"{UPLOADED}[]")
    ]
    return render(
        request, "acting/check.html", sheet=sheet, answers=answers, hidden=hidden,
        asked=asked(decision.requirements), outcome=outcome_words(outcome, decision.computed), adverse=outcome in _ADVERSE,
        confirming=decision.confirming, confirmer=confirmer, leads_to=_leads_to(request, sheet, decision, asked_for),
    )  # fmt: skip


def _confirmer(here: Installation, sheet: Sheet) -> str:
    """Whom an act waits for, once it is recorded: what its procedure, or the place's own record, says."""
    with here.database.reading() as conn:
        if sheet.matter:
            found = here.matter(conn, sheet.place, sheet.matter)
            compiled = here.compiled(conn, found.procedure) if found else None
            return who_does(frozenset(compiled.procedure.settings.second_office)) if compiled else ""
    known = place_actions(here.library.catalogue(sheet.today, sheet.place)).get(sheet.action)
    return who_does(known.confirmers) if known else ""


def _leads_to(request: WebRequest, sheet: Sheet, decision: Decision, asked_for: Request) -> str:
    """The step the act brings the matter to, where it leaves the one it is at."""
    if decision.confirming or not decision.to or stage_of(decision.to) == decision.stage:
        return ""
    if decision.to in ENDS:
        return ENDS[decision.to]
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        if sheet.matter:
            found = here.matter(conn, sheet.place, sheet.matter)
            compiled = here.compiled(conn, found.procedure) if found else None
        else:
            catalogue = here.library.catalogue(asked_for.acted_on, sheet.place)
            routed = route_of(catalogue, catalogue.by_id[str(sheet.fixed["kind"])], asked_for.facts)
            effective = (
                here.library.effective(routed.procedure, sheet.place, asked_for.acted_on) if routed else None
            )
            compiled = effective.compiled if effective else None
    stage = compiled.procedure.by_id.get(stage_of(decision.to)) if compiled else None
    return stage.title if stage else ""


def _stale(request: WebRequest, viewer: Viewer, sheet: Sheet, form: Form) -> Response:
    here: Installation = request.app.state.here
    seen = form.value("seen")
    known = int(seen) if seen.isdecimal() and seen.isascii() else 0
    with here.database.reading() as conn:
        found = view(here, conn, sheet.matter or "", viewer)
    if found is None:
        raise HTTPException(404)
    since = [line for line in found.history if line.number > known]
    open_ = any(each.action == sheet.action for each in found.own) or sheet.action == "correct"
    typed = [(each.title, form.value(each.name)) for each in sheet.asked if form.value(each.name).strip()]
    return render(
        request,
        "acting/stale.html",
        status=409,
        sheet=sheet,
        view=found,
        since=since,
        open=open_,
        typed=typed,
    )
