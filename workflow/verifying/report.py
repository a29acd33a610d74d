"""What checking a register came to: every inconsistency with its place in the log, and what could not be covered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.core.entry import Entry

CODES: Mapping[str, str] = {
    "V101": "登记内容读不出来，或不是规定的写法",
    "V102": "登记内容与存下的摘要不符",
    "V103": "索引栏与登记内容不符",
    "V104": "登记册名号不对",
    "V201": "总序号不连续",
    "V202": "本村序号不连续",
    "V203": "事项序号不连续",
    "V204": "登记时间早于上一条",
    "V301": "总账与登记内容不符",
    "V302": "签名无效",
    "V303": "与签过名的总账不符",
    "V304": "比签过名的总账少",
    "V305": "与数据库外的守护文件不符",
    "V311": "见证副本不是本登记册签的",
    "V312": "与见证副本不符",
    "V313": "比见证副本少",
    "V314": "见证副本里有恢复备份时没有交代的登记",
    "V401": "所依据的文本被改动",
    "V402": "所依据的文本不见了",
    "V411": "附件不见了",
    "V412": "附件被改动",
    "V421": "文字与登记时的封存值不符",
    "V422": "文字不见了，又没有删除登记",
    "V423": "多出一段没有登记过的文字",
    "V424": "登记了删除，文字却还在",
    "V501": "按当时的规则重算，结果不同",
    "V502": "按当时的规则不能这样登记",
    "V503": "无法重算",
    "V504": "办结时的条数不对",
    "V505": "办结以后还有登记",
    "V601": "事项一览与登记册不符",
    "V602": "事项一览少了这件事",
    "V603": "事项一览多出一件没有登记的事",
    "V901": "末尾还没有签名",
    "V902": "有文字已依法删除",
    "V903": "见证副本在恢复备份之前",
    "V904": "规则版本与本程序不同",
    "V905": "附件无法在这里核对",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a code of CODES, what exactly in words, and where; `seq` counts from 0, the others from 1."""

    code: str
    message: str
    seq: int | None = None
    place: str | None = None
    matter: str | None = None
    mseq: int | None = None

    @classmethod
    def at(cls, code: str, message: str, entry: Entry) -> "Finding":
        """A finding about an entry."""
        return cls(code, message, entry.seq, entry.place, entry.matter, entry.mseq)

    def line(self) -> str:
        """One line: code, where, what."""
        where = [f"总第 {self.seq} 条"] if self.seq is not None else []
        where += [self.place] if self.place else []
        where += [f"事项 {self.matter}"] if self.matter else []
        where += [f"事项内第 {self.mseq} 条"] if self.mseq else []
        place = "，".join(where) or "整个登记册"
        return f"{self.code} {CODES[self.code]}｜{place}｜{self.message}"

    def as_data(self) -> dict[str, object]:
        """The finding for JSON."""
        return {
            "code": self.code, "title": CODES[self.code], "message": self.message, "seq": self.seq,
            "place": self.place, "matter": self.matter, "mseq": self.mseq,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one check of `size` entries with the Merkle `root` (hex).

    `signed` is the largest size a valid signature was found for, `held` the sizes of the outside copies that agreed,
    `decided` the number of entries whose decision was made again.
    """

    findings: tuple[Finding, ...]
    uncovered: tuple[Finding, ...]
    origin: str
    size: int
    root: str
    signed: int = 0
    held: tuple[int, ...] = ()
    decided: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts anything."""
        return not self.findings

    @property
    def covered(self) -> bool:
        """Whether there was nothing that could not be checked."""
        return not self.uncovered

    def as_data(self) -> dict[str, object]:
        """The report for JSON."""
        return {
            "holds": self.holds, "covered": self.covered, "origin": self.origin, "size": self.size,
            "root": self.root, "signed": self.signed, "held": list(self.held), "decided": self.decided,
            "findings": [each.as_data() for each in self.findings],
            "uncovered": [each.as_data() for each in self.uncovered],
        }  # fmt: skip


@dataclass(slots=True)
class Found:
    """What the rooms have found so far."""

    findings: list[Finding] = field(default_factory=list)
    uncovered: list[Finding] = field(default_factory=list)

    def at(self, code: str, message: str, entry: Entry) -> None:
        """Note an inconsistency of an entry."""
        self.findings.append(Finding.at(code, message, entry))

    def note(self, code: str, message: str) -> None:
        """Note an inconsistency of the whole register."""
        self.findings.append(Finding(code, message))
