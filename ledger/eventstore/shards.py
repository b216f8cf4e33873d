"""Where a stream lives.

Owns: the number of shards and how an identifier carries its shard, so that no lookup is needed to
find a stream. Refuses to know: what the stream is about.

The first byte of every aggregate's identifier is its shard. An entity draws its shard by hashing its
reference; everything that belongs to the entity (applications, lines, loans, accounts) is given an
identifier in the same shard, so one command touches one shard.
"""

from __future__ import annotations

from uuid import UUID, uuid5

SHARD_COUNT = 256
NAMESPACE = UUID("6f0a4c1e-6a1d-5b5e-9d3c-0f3f2a1c9b77")


def shard_of(identifier: UUID) -> int:
    """Return the shard (0 to 255) that an aggregate's identifier carries."""
    return identifier.bytes[0]


def entity_id_for(reference: str) -> UUID:
    """Return the identifier of the legal entity with this reference; its hash spreads the shards."""
    return uuid5(NAMESPACE, f"entity:{reference}")


def product_id_for(code: str) -> UUID:
    """Return the identifier of the product with this code; products belong to no entity."""
    return uuid5(NAMESPACE, f"product:{code}")


def stream_id(shard: int, *names: object) -> UUID:
    """Return the identifier that these names always give, placed in ``shard``."""
    raw = uuid5(NAMESPACE, "\x1f".join(str(name) for name in names)).bytes
    return UUID(bytes=bytes([shard]) + raw[1:])


def sibling_id(owner: UUID, *names: object) -> UUID:
    """Return an identifier in the shard of ``owner``, unique to the owner and these names."""
    return stream_id(shard_of(owner), owner, *names)
