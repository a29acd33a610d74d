"""That one entry is in the register, for people with tools of their own: a leaf hash, a path, a signed root."""

from typing import TypedDict

from sqlalchemy import Connection

from workflow.core.tree import inclusion_proof
from workflow.notices import SignedHead
from workflow.store import register


class Proof(TypedDict):
    """RFC 6962 with SHA-256: hashes in hexadecimal, the leaf's sibling first; the checkpoint is a C2SP signed note."""

    leaf_hash: str
    index: int
    tree_size: int
    audit_path: list[str]
    checkpoint: str


def proof_of(conn: Connection, seq: int, leaf_hash: bytes, head: SignedHead) -> Proof:
    """Return the proof that the entry of that index and hash is under a signed head, which covers it.

    The hash is that of the entry's bytes as they are now: of an altered entry the proof does not hold.
    """
    hashes = [hash_ for _, _, hash_ in register.leaves(conn, 0, head.size)]
    return {
        "leaf_hash": leaf_hash.hex(),
        "index": seq,
        "tree_size": head.size,
        "audit_path": [each.hex() for each in inclusion_proof(seq, hashes)],
        "checkpoint": head.note,
    }
