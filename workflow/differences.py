"""What differs between two effective procedures, in words: steps that came or went, and every value that changed."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.show import Section, Shown, Value


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: in which step, of which sort, what stood before and what stands after, and which text says so."""

    step: str
    sort: str
    before: str
    after: str
    layer: str
    basis: str

    def line(self) -> str:
        """Say it in one line: 村民（代表）会议决议：提前 3 天通知 → 提前 5 天通知（山东省）."""
        source = "；".join(filter(None, (self.layer, self.basis)))
        words = {
            "added": f"多了：{self.after}",
            "removed": f"少了：{self.before}",
            "changed": f"{self.before} → {self.after}",
        }
        return f"{self.step}：{words[self.sort]}" + (f"（{source}）" if source else "")

    def as_data(self) -> dict[str, str]:
        """Return the difference for a program."""
        return dataclasses.asdict(self)


def differences(before: Shown, after: Shown) -> list[Difference]:
    """Return every difference between two procedures as shown, in the order of the later one's steps."""
    old, new = ({each.id: each for each in shown.sections} for shown in (before, after))
    found = [
        Difference(each.title, "removed", f"这一步（{each.phase}，{each.kind}）", "", "", "")
        for each in before.sections
        if each.id not in new
    ]
    found += _order(before, after, old, new)
    for section in after.sections:
        if section.id not in old:
            words = f"这一步（{section.phase}，{section.kind}），在“{_previous(after, section)}”之后"
            found.append(
                Difference(section.title, "added", "", words, section.layer, "；".join(section.basis))
            )
        else:
            found += _within(old[section.id], section)
    return found


def _previous(shown: Shown, section: Section) -> str:
    place = [each.id for each in shown.sections].index(section.id)
    return shown.sections[place - 1].title if place > 1 else "开头"


def _order(
    before: Shown, after: Shown, old: Mapping[str, Section], new: Mapping[str, Section]
) -> Iterator[Difference]:
    kept_before = [each for each in before.sections if each.id in new]
    kept_after = [each for each in after.sections if each.id in old]
    if [each.id for each in kept_before] != [each.id for each in kept_after]:
        words = [" → ".join(each.title for each in kept if each.number) for kept in (kept_before, kept_after)]
        yield Difference("各步的次序", "changed", words[0], words[1], "", "")


def _within(old: Section, new: Section) -> Iterator[Difference]:
    for name, title in (("title", "名称"), ("phase", "阶段"), ("kind", "种类"), ("when", "什么情况才需要")):
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            yield Difference(
                new.title,
                "changed",
                f"{title}：{was or '都需要'}",
                f"{title}：{is_ or '都需要'}",
                new.layer,
                "",
            )
    values = {each.path: each for each in old.values}
    for value in new.values:
        was = values.pop(value.path, None)
        if was is None:
            yield Difference(new.title, "added", "", _said(value), value.layer, value.basis)
        elif was.said != value.said:
            yield Difference(new.title, "changed", _said(was), _said(value), value.layer, value.basis)
    for gone in values.values():
        yield Difference(new.title, "removed", _said(gone), "", "", "")


def _said(value: Value) -> str:
    return f"{value.group}：{value.said}" if value.group else value.said
