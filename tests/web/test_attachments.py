import io
import struct
import zipfile

import pytest

from tests.builders import OPENING, VILLAGE, People, advance_ok, life, png, village
from web import attachments
from web.attachments import Rejected, keep

RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://x/{kind}" Target="http://x.cn/a" TargetMode="External"/></Relationships>'
)


def office(main="word/document.xml", **more):
    """A small office file; `more` adds or replaces members, `__` in a name stands for a slash."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        members = {"[Content_Types].xml": "<Types/>", main: "<document/>"}
        for name, content in (
            members | {key.replace("__", "/"): value for key, value in more.items()}
        ).items():
            archive.writestr(name, content)
    return data.getvalue()


def jpeg(width=640, height=480):
    """The head of a picture as a phone makes it: an application segment, then the frame's size."""
    app = b"\xff\xe1" + struct.pack(">H", 10) + b"Exif\0\0ab"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\x02\xff\xd9"


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    "name, content, kind",
    [
        ("签到表.png", png(), "image/png"),
        ("会议 照片.JPG", jpeg(), "image/jpeg"),
        ("决议.pdf", PDF, "application/pdf"),
        ("记录.docx", office(), "wordprocessingml.document"),
        ("预算.xlsx", office("xl/workbook.xml"), "spreadsheetml.sheet"),
        ("带网址.docx", office(word___rels__document_xml_rels=""), "wordprocessingml.document"),
    ],
)
def test_the_five_kinds_are_kept_under_their_digest(install, name, content, kind):
    """A photo, a scan or an office file is kept whole, with the name it came under."""
    house = install()
    found = keep(house.here, io.BytesIO(content), f"C:\\Users\\李\\{name}")
    assert house.here.documents.path(found.digest).read_bytes() == content
    assert (found.name, found.size) == (name, len(content))
    assert found.kind.endswith(kind)


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("木马.exe", b"MZ", "不能上传"),
        ("网页.html", b"<script>", "不能上传"),
        ("假的.png", jpeg(), "不是 png 照片"),
        ("假的.jpg", png(), "不是 jpg 照片"),
        ("假的.pdf", b"<html>", "不是 PDF"),
        ("断了.pdf", PDF[:-8], "内容不完整"),
        ("断了.png", png()[:-6], "内容不完整"),
        ("断了.jpg", jpeg()[:16], "内容不完整"),
        ("空的.png", b"", "是空的"),
        ("炸弹.png", png()[:16] + struct.pack(">II", 50_000, 50_000) + png()[24:], "超过四千万点"),
        ("炸弹.jpg", jpeg(50_000, 50_000), "超过四千万点"),
        ("不是.docx", b"PK\x03\x04 and nothing more", "内容不完整"),
        ("表.docx", office("xl/workbook.xml"), "不是这种文件"),
        ("宏.docx", office(word__vbaProject="x"), "带有宏"),
        ("宏.xlsx", office("xl/workbook.xml", **{"[Content_Types].xml": "macroEnabled"}), "带有宏"),
        ("爬.docx", office(**{"..__x": "x"}), "内容不完整"),
        ("零.docx", office(word__media="0" * 3_000_000), "压缩得太厉害"),
    ],
)
def test_what_could_harm_is_not_kept(install, name, content, words):
    """Other kinds, false names, broken files, pictures and archives that swell: refused in words, nothing kept."""
    house = install()
    with pytest.raises(Rejected, match=words):
        keep(house.here, io.BytesIO(content), name)
    assert not [path for path in house.here.documents.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind, kept", [("hyperlink", True), ("attachedTemplate", False), ("image", False)])
def test_links_that_open_by_themselves_are_refused(install, kind, kept):
    """A web address somebody may click stays; a template or picture fetched from outside does not."""
    content = office(**{"word/_rels/document.xml.rels": RELS.format(kind=kind)})
    if kept:
        assert keep(install().here, io.BytesIO(content), "a.docx").size == len(content)
    else:
        with pytest.raises(Rejected, match="指向外面的链接"):
            keep(install().here, io.BytesIO(content), "a.docx")


def test_a_relationship_hidden_behind_an_entity_or_another_encoding_is_refused(install):
    """No document type and no wide characters stand in a part that names what to fetch."""
    for part in ("<!DOCTYPE a [<!ENTITY e 'External'>]>", RELS.format(kind="image").encode("utf-16")):
        content = office(**{"word/_rels/document.xml.rels": part})
        with pytest.raises(Rejected, match="内容不完整"):
            keep(install().here, io.BytesIO(content), "a.docx")


def test_archives_with_links_passwords_or_too_many_members_are_refused(install, monkeypatch):
    """A symbolic link, an encrypted member or a crowd of members is no office file anybody wrote."""
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO(office())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Rejected, match="有链接"):
        keep(install().here, data, "a.docx")
    locked = bytearray(office())
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Rejected, match="有密码"):
        keep(install().here, io.BytesIO(bytes(locked)), "a.docx")
    monkeypatch.setattr(attachments, "MOST_MEMBERS", 1)
    with pytest.raises(Rejected, match="太多"):
        keep(install().here, io.BytesIO(office()), "a.docx")


def test_a_file_of_more_than_20_megabytes_is_refused(install, monkeypatch):
    """The limit is on the bytes, whatever the kind."""
    monkeypatch.setattr(attachments, "LARGEST", 50)
    with pytest.raises(Rejected, match="超过 20 MB"):
        keep(install().here, io.BytesIO(png()), "a.png")


def test_a_document_is_served_to_be_saved_to_those_who_may_see_its_matter(install):
    """As an attachment that no browser runs, under its own name; to another village it does not exist."""
    house = install()
    people = village(house.here, People(secretary=house.person("文书小李")))
    house.person("外村文书", scope="371329105999")
    stored = keep(house.here, io.BytesIO(png(5, 5)), "初步方案.png")
    opening = {**OPENING, "plan": [stored.digest]}
    matter = advance_ok(house.here, VILLAGE, None, "open", people.secretary, opening).entry.matter
    address = f"/documents/{matter}/{stored.digest[7:]}"
    answer = house.logged_in().get(address)
    assert answer.status_code == 200
    assert answer.content == png(5, 5)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E5%88%9D")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert house.logged_in("外村文书").get(address).status_code == 404
    assert house.client().get(address).status_code == 303
    assert house.logged_in().get(f"/documents/{matter}/{'0' * 64}").status_code == 404
    house.here.documents.path(stored.digest).write_bytes(b"changed")
    assert house.logged_in().get(address).status_code == 503


def test_an_objectors_papers_are_for_supervisors(install):
    """They may give away who objected: the secretary does not get them, the supervisory committee does."""
    house = install()
    people = village(
        house.here,
        People(secretary=house.person("文书小李"), vsc_chair=house.person("监委老王", "committee")),
    )
    matter = life(house.here, people, "posting_confirmed")
    stored = keep(house.here, io.BytesIO(png(7, 7)), "信.png")
    facts = {"channel": "web", "named": False, "content": "太贵", "paper": [stored.digest]}
    advance_ok(house.here, VILLAGE, matter, "object", "public", facts)
    address = f"/documents/{matter}/{stored.digest[7:]}"
    assert house.logged_in("文书小李").get(address).status_code == 404
    assert house.logged_in("监委老王").get(address).status_code == 200
