"""Signed heads as C2SP tlog-checkpoint in C2SP signed-note, Ed25519: others' tools can check them."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflow.core.tree import HASH_BYTES

_ED25519: Final = b"\x01"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_SIGNATURE_BYTES: Final = 64
_LEAST_LINES: Final = 4
_MOST_SIGNATURES: Final = 100
_LONGEST_NOTE: Final = 1_000_000
_PRIVATE: Final = "PRIVATE+KEY"
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class BadNote(ValueError):
    """A note that is malformed, not signed by a key asked for, or not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin, its number of entries, the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed: three lines, without extension lines."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text; further lines are the extensions of other logs and ignored."""
        lines = text.split("\n")
        if len(lines) < _LEAST_LINES or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
            raise BadNote("not a checkpoint")
        root = _unbase64(lines[2])
        if len(root) != HASH_BYTES:
            raise BadNote("a root has 32 bytes")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with the name it signs under."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def to_text(self) -> str:
        """The C2SP vkey: name, key id, key."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def from_text(cls, text: str) -> "Verifier":
        """The verifier of a vkey; BadNote if it is malformed, not Ed25519, or its id is not its own."""
        name, _, rest = text.partition("+")
        key_id, _, key = rest.partition("+")
        verifier = cls(_named(name), _ed25519_key(key))
        if verifier.key_id.hex() != key_id:
            raise BadNote("the id in the key text is not the id of the key")
        return verifier

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (64 bytes) is this key's over `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name it signs under, which is the origin of its log."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new key; ValueError for a name with a plus sign or white space."""
        return cls(_named(name), Ed25519PrivateKey.generate().private_bytes_raw())

    def named(self, name: str) -> "SigningKey":
        """The same key under another name: a new epoch's origin."""
        return SigningKey(_named(name), self.seed)

    def to_text(self) -> str:
        """One line with the secret, `PRIVATE+KEY+name+id+base64`."""
        return f"{_PRIVATE}+{self.name}+{self.verifier.key_id.hex()}+{_base64(_ED25519 + self.seed)}"

    @classmethod
    def from_text(cls, text: str) -> "SigningKey":
        """The inverse of `to_text`; BadNote names no part of the secret."""
        if not text.startswith(f"{_PRIVATE}+"):
            raise BadNote("not a private key")
        name, _, rest = text.removeprefix(f"{_PRIVATE}+").partition("+")
        key_id, _, seed = rest.partition("+")
        key = cls(_named(name), _ed25519_key(seed))
        if key.verifier.key_id.hex() != key_id:
            raise BadNote("the id in the key text is not the id of the key")
        return key

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """The 64 bytes of an Ed25519 signature over `text`."""
        return self._private().sign(text.encode())

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The signed note of `checkpoint`; ValueError unless the key is named after the checkpoint's origin."""
    if key.name != checkpoint.origin:
        raise ValueError("a log signs under its origin")
    text = checkpoint.text()
    return f"{text}\n— {key.name} {_base64(key.verifier.key_id + key.sign(text))}\n"


def open_note(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint of `note`, if at least one of `verifiers` signed it; raises BadNote otherwise.

    Signatures by unknown keys (witnesses) are ignored; a false one by a known key spoils the whole note.
    """
    if len(note) > _LONGEST_NOTE or _UNPRINTABLE.search(note):
        raise BadNote("not a signed note")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadNote("not a signed note")
    text = head + "\n"
    known = {(each.name, each.key_id): each for each in verifiers}
    signatures = [_signature(line) for line in tail[:-1].split("\n")]
    if len(signatures) > _MOST_SIGNATURES:
        raise BadNote("too many signatures")
    signed = False
    for name, key_id, signature in signatures:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if len(signature) != _SIGNATURE_BYTES or not verifier.has_signed(text, signature):
            raise BadNote(f"the signature of {name} is false")
        signed = True
    if not signed:
        raise BadNote("not signed by a known key")
    return Checkpoint.from_text(text)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix("— ").partition(" ")
    if not line.startswith("— "):
        raise BadNote("not a signature line")
    data = _unbase64(encoded)
    if len(data) <= _ID_BYTES:
        raise BadNote("not a signature line")
    return _named(name), data[:_ID_BYTES], data[_ID_BYTES:]


def _named(name: str) -> str:
    if not name or "+" in name or any(character.isspace() for character in name):
        raise BadNote("a key name has neither plus signs nor white space")
    return name


def _ed25519_key(text: str) -> bytes:
    data = _unbase64(text)
    if len(data) != len(_ED25519) + _KEY_BYTES or not data.startswith(_ED25519):
        raise BadNote("not an Ed25519 key")
    return data[len(_ED25519) :]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _base64(data) != text:
        raise BadNote("not base64")
    return data
