"""Checkpoints as C2SP signed notes: known texts, round trips, and everything that must be refused."""

import base64

import pytest

from workflow.core.checkpoint import BadNote, Checkpoint, SigningKey, Verifier, open_note, sign

ORIGIN = "cunyi.example/371329"
KEY = SigningKey(ORIGIN, bytes(range(32)))
CHECKPOINT = Checkpoint(ORIGIN, 18_231, bytes(range(32)))
NOTE = sign(CHECKPOINT, KEY)

# The key and note of the example of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_text_is_three_lines():
    """A checkpoint is its origin, its size and its root in base64, one line each."""
    assert CHECKPOINT.text() == f"{ORIGIN}\n18231\n{base64.b64encode(bytes(range(32))).decode()}\n"
    assert Checkpoint.from_text(CHECKPOINT.text()) == CHECKPOINT


def test_signed_note_opens():
    """What was signed opens with the key's public text."""
    verifier = Verifier.from_text(KEY.verifier.to_text())
    assert open_note(NOTE, [verifier]) == CHECKPOINT


def test_note_of_another_implementation_is_verified():
    """The published example of the Go implementation carries a true signature; it is just no checkpoint."""
    verifier = Verifier.from_text(PETER)
    text, _, _ = PETER_NOTE.rpartition("\n\n")
    signature = base64.b64decode(PETER_NOTE.rpartition(" ")[2])
    assert signature[:4] == verifier.key_id
    assert verifier.has_signed(text + "\n", signature[4:])
    with pytest.raises(BadNote, match="not a checkpoint"):
        open_note(PETER_NOTE, [verifier])


def test_key_text_comes_back():
    """A private key comes back from its text and never shows in its repr."""
    made = SigningKey.generate(ORIGIN)
    assert SigningKey.from_text(made.to_text()) == made
    # The key is in base64, which may itself hold or end in "+".
    assert made.to_text()[-20:] not in repr(made)
    assert made.verifier.public != SigningKey.generate(ORIGIN).verifier.public


def test_every_flipped_bit_is_refused():
    """No single changed bit in the signed text or the signature leaves the note open."""
    data = NOTE.encode()
    opened = []
    for place in range(len(data)):
        for bit in range(8):
            wrong = bytes([*data[:place], data[place] ^ (1 << bit), *data[place + 1 :]])
            try:
                opened.append(open_note(wrong.decode(), [KEY.verifier]))
            except ValueError:
                continue
    assert opened == []


def test_witness_signatures_are_ignored_and_false_ones_refused():
    """A cosignature by an unknown key does no harm; a false signature by a known key spoils the note."""
    witness = SigningKey.generate("witness.example/township")
    line = f"— {witness.name} {base64.b64encode(witness.verifier.key_id + witness.sign('else')).decode()}\n"
    assert open_note(NOTE + line, [KEY.verifier]) == CHECKPOINT
    with pytest.raises(BadNote, match="false"):
        open_note(NOTE + line, [KEY.verifier, witness.verifier])


def test_extension_lines_of_others_are_allowed():
    """Further lines after the root are signed with the rest and otherwise ignored."""
    text = CHECKPOINT.text() + "an extension\n"
    line = base64.b64encode(KEY.verifier.key_id + KEY.sign(text)).decode()
    assert open_note(f"{text}\n— {ORIGIN} {line}\n", [KEY.verifier]) == CHECKPOINT


SIGNATURE = NOTE.splitlines()[-1] + "\n"
MALFORMED = {
    "nothing": "",
    "a line": "\n",
    "text only": CHECKPOINT.text(),
    "no signature": CHECKPOINT.text() + "\n",
    "no last line end": NOTE.rstrip("\n"),
    "no blank line": NOTE.replace("\n\n", "\n"),
    "one line end more": NOTE + "\n",
    "another dash": NOTE.replace("—", "-"),
    "other line ends": NOTE.replace("\n", "\r\n"),
    "a control character": NOTE + SIGNATURE.replace(" ", "\x00"),
    "too many signatures": NOTE + SIGNATURE * 100,
    "not base64": NOTE + "— x =\n",
    "a short signature": NOTE + "— x AAAA\n",
    "too long": "a" * 1_000_001,
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_malformed_notes_are_refused(fault: str):
    """Anything but text, a blank line and signature lines is refused."""
    with pytest.raises(BadNote):
        open_note(MALFORMED[fault], [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n01\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n-1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n１\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n1\n{base64.b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n1\nnot base64\n",
        f"\n1\n{base64.b64encode(bytes(32)).decode()}\n",
        f"{ORIGIN}\n1\n",
        "",
    ],
    ids=repr,
)
def test_malformed_checkpoints_are_refused(text: str):
    """A size with a leading zero, a short root, a missing line: BadNote."""
    with pytest.raises(BadNote):
        Checkpoint.from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+",
        KEY.verifier.to_text().replace("cunyi", "other"),
        KEY.verifier.to_text()[:-4],
        KEY.verifier.to_text().replace(KEY.verifier.key_id.hex(), KEY.verifier.key_id.hex().upper() + "0"),
        "a b+" + KEY.verifier.to_text().partition("+")[2],
    ],
)
def test_malformed_keys_are_refused(text: str):
    """A public or private key text with another name, id or length is refused."""
    with pytest.raises(BadNote):
        Verifier.from_text(text)
    with pytest.raises(BadNote):
        SigningKey.from_text("PRIVATE+KEY+" + text)
    with pytest.raises(BadNote):
        SigningKey.from_text(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b"])
def test_key_names_without_plus_or_space(name: str):
    """A name that would break the note's lines is refused."""
    with pytest.raises(BadNote):
        SigningKey.generate(name)
    with pytest.raises(BadNote):
        KEY.named(name)


def test_a_log_signs_only_under_its_origin():
    """A key of another name refuses; under its new name the same key is another verifier."""
    other = KEY.named(f"{ORIGIN}/e2")
    with pytest.raises(ValueError, match="origin"):
        sign(CHECKPOINT, other)
    assert other.verifier.key_id != KEY.verifier.key_id
    with pytest.raises(BadNote, match="known key"):
        open_note(NOTE, [other.verifier])
