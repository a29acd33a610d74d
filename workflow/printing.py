"""A shown procedure as plain data, for one JSON document, or as lines of text, for a terminal or a printer."""

from workflow.core.days import day_words
from workflow.show import Section, Shown, Value


def as_data(shown: Shown) -> dict[str, object]:
    """Return the whole as plain data, for one JSON document."""
    return {
        "procedure": shown.procedure,
        "title": shown.title,
        "summary": shown.summary,
        "decides": shown.decides,
        "place": shown.place,
        "on": shown.day.isoformat(),
        "digest": shown.digest,
        "basis": list(shown.basis),
        "layers": [
            {"title": each.title, "file": each.file, "from": each.first_day.isoformat()}
            for each in shown.layers
        ],
        "sections": [
            {
                "id": each.id, "number": each.number, "title": each.title, "phase": each.phase, "kind": each.kind,
                "layer": each.layer, "when": each.when, "basis": list(each.basis), "default": each.default,
                "values": [_value_data(value) for value in each.values],
            }
            for each in shown.sections
        ],
    }  # fmt: skip


def _value_data(value: Value) -> dict[str, object]:
    return {
        "path": ".".join(map(str, value.path)), "group": value.group, "words": value.said, "layer": value.layer,
        "basis": value.basis, "floor": value.floor,
    }  # fmt: skip


def in_text(shown: Shown) -> str:
    """Return the whole as lines of text, for a terminal or a printer."""
    where = f"{shown.place}，" if shown.place else ""
    lines = [f"{shown.title}（{where}{day_words(shown.day)}）", shown.summary, f"由谁决定：{shown.decides}"]
    lines += [f"依据：{each}" for each in shown.basis]
    lines += [f"文本：{each.title}（{each.file}，自{day_words(each.first_day)}起）" for each in shown.layers]
    for section in shown.sections:
        lines += [" ", _heading(section)]
        lines += [f"  依据：{each}" for each in section.basis]
        group = ""
        for value in section.values:
            if value.group != group:
                group = value.group
                lines.append(f"  {group}：")
            indent = "    " if group else "  "
            lines.append(indent + value.sentence())
            if value.floor:
                lines.append(f"{indent}  法律规定——{value.floor}")
    return "".join(line.rstrip() + "\n" for line in lines if line)


def _heading(section: Section) -> str:
    if not section.number:
        return section.title
    marks = [section.phase, section.kind, section.layer]
    marks += [f"{section.when}才需要"] if section.when else []
    marks += ["本步为软件默认，非法规原文"] if section.default else []
    return f"{section.number}. {section.title}（{'；'.join(marks)}）"
