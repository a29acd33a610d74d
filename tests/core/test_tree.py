"""The Merkle tree: the reference vectors, every proof of small trees, and a library nobody here wrote."""

import hashlib
import itertools

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.core.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    inclusion_proofs,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def some_hashes(count: int) -> list[bytes]:
    """The leaf hashes of `count` different leaves."""
    return [leaf_hash(b"leaf %d" % number) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_reference_vectors(size: int):
    """The roots of the eight reference leaves are those of RFC 6962's reference implementation."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert root(hashes).hex() == ROOTS[size]


def test_reference_inclusion_proof():
    """The reference path of leaf 5 of 8 (counting from 0) is reproduced."""
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [each.hex() for each in inclusion_proof(5, hashes)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def check_all_proofs(largest: int) -> None:
    """Every proof of both kinds in every tree up to `largest` verifies, and against no other root."""
    hashes = some_hashes(largest)
    roots = [root(hashes[:size]) for size in range(largest + 1)]
    for size in range(1, largest + 1):
        for index in range(size):
            proof = inclusion_proof(index, hashes[:size])
            assert verify_inclusion(index, size, hashes[index], proof, roots[size])
            assert not verify_inclusion(index, size, hashes[index], proof, roots[size - 1])
        for first in range(size + 1):
            proof = consistency_proof(first, hashes[:size])
            assert verify_consistency(first, size, roots[first], roots[size], proof)
            if 0 < first < size:
                assert not verify_consistency(first, size, roots[first], roots[first], proof)
                assert not verify_consistency(first, size, roots[size], roots[size], proof)


def test_all_proofs_of_small_trees():
    """All trees up to 64 leaves."""
    check_all_proofs(64)


@pytest.mark.prove
def test_all_proofs_of_larger_trees():
    """All trees up to 300 leaves."""
    check_all_proofs(300)


def test_pymerkle_agrees():
    """An independent library has the same roots and accepts the same states, over every size up to 64."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    hashes: list[bytes] = []
    for number in range(64):
        leaf = b"leaf %d" % number
        tree.append_entry(leaf)
        hashes.append(leaf_hash(leaf))
        assert tree.get_root() == root(hashes)


def changed(proof: list[bytes]) -> list[list[bytes]]:
    """Wrong variants of a proof: each element flipped or left out, one added, two swapped."""
    flipped = [[*proof[:i], bytes([each[0] ^ 1, *each[1:]]), *proof[i + 1 :]] for i, each in enumerate(proof)]
    shorter = [proof[:i] + proof[i + 1 :] for i in range(len(proof))]
    longer = [[*proof, proof[-1] if proof else bytes(32)], [bytes(32), *proof]]
    return [*flipped, *shorter, *longer, *([proof[::-1]] if len(proof) > 1 else [])]


@given(st.integers(2, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_changed_proofs_are_refused(size_and_index: tuple[int, int]):
    """No variant of a proof, no other index and no other leaf is accepted."""
    size, index = size_and_index
    hashes = some_hashes(size)
    whole = root(hashes)
    proof = inclusion_proof(index, hashes)
    for wrong in changed(proof):
        assert not verify_inclusion(index, size, hashes[index], wrong, whole)
    for other in {-1, size, *range(size)} - {index}:
        assert not verify_inclusion(other, size, hashes[index], proof, whole)
    assert not verify_inclusion(index, size, leaf_hash(b"another"), proof, whole)
    first = index + 1
    for wrong in changed(consistency_proof(first, hashes)):
        assert not verify_consistency(first, size, root(hashes[:first]), whole, wrong)


def test_consistency_needs_both_roots():
    """A history that was rewritten has no proof: the earlier root is no longer a beginning."""
    hashes = some_hashes(20)
    rewritten = [leaf_hash(b"rewritten"), *hashes[1:]]
    assert not verify_consistency(
        12, 20, root(hashes[:12]), root(rewritten), consistency_proof(12, rewritten)
    )
    assert not verify_consistency(21, 20, root(hashes), root(hashes), [])
    assert not verify_consistency(0, 20, root(hashes), root(hashes), [])
    assert not verify_consistency(20, 20, root(rewritten), root(hashes), [])


@pytest.mark.parametrize("index,size", [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int):
    """An index outside the tree is refused."""
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(index, some_hashes(size))


@pytest.mark.parametrize("first", [-1, 4])
def test_no_consistency_with_a_larger_tree(first: int):
    """An earlier tree cannot be larger than the later one."""
    with pytest.raises(ValueError, match="larger"):
        consistency_proof(first, some_hashes(3))


def test_leaf_and_node_are_told_apart():
    """The prefixes make a leaf that spells a node another hash than the node."""
    left, right = some_hashes(2)
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)
    assert node_hash(left, right) == hashlib.sha256(b"\x01" + left + right).digest()


def test_frontier_grows_like_the_tree():
    """After each leaf the frontier has the root of the whole tree, and comes back from its bytes."""
    hashes = some_hashes(130)
    frontier = Frontier()
    for size, each in enumerate(hashes, start=1):
        frontier = frontier.append(each)
        assert frontier.size == size
        assert frontier.root() == tree_root(hashes[:size])
        assert Frontier.from_bytes(frontier.to_bytes()) == frontier


def tree_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, recursively, without a frontier."""
    if len(hashes) == 1:
        return hashes[0]
    split = next(2**power for power in itertools.count() if 2 ** (power + 1) >= len(hashes))
    return node_hash(tree_root(hashes[:split]), tree_root(hashes[split:]))


@pytest.mark.parametrize("data", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x03" + bytes(32), bytes(8) + bytes(32)])
def test_frontier_of_another_size_is_refused(data: bytes):
    """Bytes with more or fewer roots than the size needs are refused."""
    with pytest.raises(ValueError, match="another size"):
        Frontier.from_bytes(data)


@given(st.integers(1, 70), st.data())
def test_many_proofs_in_one_pass_are_the_proofs_one_by_one(size, data):
    """For trees of any size and any leaves, asked in any order."""
    hashes = [leaf_hash(bytes([number])) for number in range(size)]
    indexes = data.draw(st.lists(st.integers(0, size - 1), max_size=9))
    assert inclusion_proofs(indexes, iter(hashes)) == [inclusion_proof(index, hashes) for index in indexes]


def test_a_leaf_that_is_not_there_has_no_proof_among_many():
    """As with a single proof, an index beyond the tree is refused."""
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proofs([0, 3], [leaf_hash(b"")] * 3)
