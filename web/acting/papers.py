"""The files of a form: kept before the act that names them, shown again, and what is wrong with a text among them."""

import re
from collections.abc import Iterable

from sqlalchemy import Connection

from web import attachments, store
from web.access import Viewer
from web.acting.sheet import Sheet
from web.county_texts import lines_of
from web.forms import Form
from workflow.core.facts import MOST_DOCUMENTS, FieldError
from workflow.core.findings import Unreadable
from workflow.core.place_acts import PUBLISH
from workflow.drafts import head_of
from workflow.installation import Installation
from workflow.reading.yaml_text import read_yaml
from workflow.store import register
from workflow.store.database import run

UPLOADED = "uploaded"
_LINE = re.compile(r"第 (\d+) 行|^文本:(\d+):")


def take_files(here: Installation, viewer: Viewer, sheet: Sheet, form: Form) -> None:
    """Keep new files; of the digests that were posted, let only those stand that this person may attach here."""
    with here.database.reading() as conn:
        draft = store.read_draft(conn, viewer.person, *sheet.draft)
        allowed = set(Form.from_json(draft.body).values(UPLOADED)) if draft else set()
        matter = here.matter(conn, sheet.place, sheet.matter, sheet.seen) if sheet.matter else None
        if matter is not None:
            allowed |= {str(one.get("digest")) for entry in matter.entries for one in entry.documents}
        known = register.by_key(conn, form.value("key"))
        if known is not None and known[0].actor == viewer.person:
            allowed |= {str(one.get("digest")) for one in known[0].documents}
    keeper = attachments.keep_text if sheet.action == PUBLISH else attachments.keep
    for each in sheet.fields:
        if each.type != "documents":
            continue
        kept = [digest for digest in form.values(f"{each.name}_kept") if digest in allowed]
        uploads = form.files.get(f"{each.name}[]", [])
        if uploads and sheet.action == PUBLISH:
            kept = []  # one text at a time: a new one takes the other's place
        if len(kept) + len(uploads) > MOST_DOCUMENTS:
            form.fail(each.name, f"{each.title}最多 {MOST_DOCUMENTS} 个文件")
            uploads = []
        for upload in uploads:
            try:
                kept.append(keeper(here, upload.file, upload.filename or "").digest)
            except attachments.Rejected as fault:
                form.fail(each.name, str(fault))
        form.typed[f"{each.name}_kept[]"] = list(dict.fromkeys(kept))
        allowed |= set(kept)
    form.typed[f"{UPLOADED}[]"] = sorted(allowed)


def kept_files(conn: Connection, sheet: Sheet, form: Form) -> dict[str, list[tuple[str, str]]]:
    """The files kept so far, by question: digest and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in sheet.fields:
        for digest in form.values(f"{each.name}_kept"):
            row = run(conn, "SELECT name_private FROM document WHERE digest = ?", (digest,)).fetchone()
            found.setdefault(each.name, []).append((digest, str(row[0]) if row and row[0] else "文件"))
    return found


def read_first_day(here: Installation, form: Form) -> tuple[FieldError, ...]:
    """Fill in the first day a text names where none was typed; why it cannot be read, where it cannot."""
    digests = form.values("text_kept")
    if len(digests) != 1 or any(form.value(f"from_{part}") for part in "ymd"):
        return ()
    try:
        head = head_of(read_yaml(here.documents.path(digests[0]).read_bytes(), "文本"))
    except Unreadable as error:
        return tuple(FieldError("text", each.line()) for each in error.findings)
    except (OSError, ValueError):
        return ()
    form.show_day("from", head.first_day)
    return ()


def findings(here: Installation, form: Form, errors: Iterable[FieldError]) -> dict[str, object]:
    """Everything that is wrong with the text a form puts forward, and its lines with those that are meant marked."""
    said = [each.message for each in errors if each.field == "text"]
    meant = [int(next(filter(None, found.groups()))) for each in said if (found := _LINE.search(each))]
    digests = form.values("text_kept")
    return {"said": said, "marked": meant, "lines": lines_of(here, digests[0]) if len(digests) == 1 else ()}
