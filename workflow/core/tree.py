"""The Merkle tree of RFC 6962 with SHA-256: hashes, its growing edge, and both kinds of proof."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

HASH_BYTES: Final = 32
_SIZE_BYTES: Final = 8


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All a growing tree must remember: its size and the roots of its full subtrees, the largest first."""

    size: int = 0
    roots: bytes = b""

    def append(self, hash_: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        roots, size = self.roots, self.size
        while size & 1:
            hash_ = node_hash(roots[-HASH_BYTES:], hash_)
            roots = roots[:-HASH_BYTES]
            size >>= 1
        return Frontier(self.size + 1, roots + hash_)

    def root(self) -> bytes:
        """The root of the tree; of an empty one the SHA-256 of nothing."""
        if not self.roots:
            return hashlib.sha256(b"").digest()
        root = self.roots[-HASH_BYTES:]
        for end in range(len(self.roots) - HASH_BYTES, 0, -HASH_BYTES):
            root = node_hash(self.roots[end - HASH_BYTES : end], root)
        return root

    def to_bytes(self) -> bytes:
        """The size in eight bytes, then the roots."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + self.roots

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """The inverse of `to_bytes`; ValueError if there are not as many roots as the size needs."""
        size = int.from_bytes(data[:_SIZE_BYTES], "big")
        if len(data) != _SIZE_BYTES + HASH_BYTES * size.bit_count():
            raise ValueError("a frontier of another size")
        return cls(size, data[_SIZE_BYTES:])


def root(hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes, taken one by one."""
    frontier = Frontier()
    for each in hashes:
        frontier = frontier.append(each)
    return frontier.root()


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """The path from leaf `index` to the root over `hashes`, the leaf's sibling first (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(hashes):
        raise ValueError("no such leaf")
    start, end = 0, len(hashes)
    proof: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(root(hashes[middle:end]))
            end = middle
        else:
            proof.append(root(hashes[start:middle]))
            start = middle
    return proof[::-1]


def inclusion_proofs(indexes: Sequence[int], hashes: Iterable[bytes]) -> list[list[bytes]]:
    """The `inclusion_proof` of each index over the same hashes, which are taken once: one pass for many leaves."""
    level = list(hashes)
    if not all(0 <= index < len(level) for index in indexes):
        raise ValueError("no such leaf")
    here = list(indexes)
    proofs: list[list[bytes]] = [[] for _ in indexes]
    while len(level) > 1:
        for number, index in enumerate(here):
            if index ^ 1 < len(level):
                proofs[number].append(level[index ^ 1])
            here[number] = index >> 1
        pairs = range(0, len(level) - 1, 2)
        # A node without a sibling rises as it is: the left subtree of RFC 6962 is always full.
        level = [node_hash(level[at], level[at + 1]) for at in pairs] + level[len(level) & ~1 :]
    return proofs


def verify_inclusion(index: int, size: int, hash_: bytes, proof: Sequence[bytes], root_: bytes) -> bool:
    """Whether `proof` leads from leaf hash `hash_` at `index` to `root_`, the root of a tree of `size`."""
    if not 0 <= index < size:
        return False
    node, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hash_ = node_hash(sibling, hash_)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            hash_ = node_hash(hash_, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and hash_ == root_


def consistency_proof(first: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Proof that the tree over `hashes` begins with the tree over its first `first` (RFC 6962, 2.1.2)."""
    if not 0 <= first <= len(hashes):
        raise ValueError("the earlier tree is larger")
    if first in {0, len(hashes)}:
        return []
    start, end = 0, len(hashes)
    proof: list[bytes] = []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            proof.append(root(hashes[middle:end]))
            end = middle
        else:
            proof.append(root(hashes[start:middle]))
            start = middle
    if start:
        proof.append(root(hashes[start:end]))
    return proof[::-1]


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree of size `second` begins with that of size `first`."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == hashlib.sha256(b"").digest()
    path = [first_root, *proof] if first.bit_count() == 1 else list(proof)
    if not path:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1
