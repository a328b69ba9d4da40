"""Opaque, time-ordered identifiers."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, 74 of chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10))
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (chance >> 68) << 64
    return uuid.UUID(int=value | 0b10 << 62 | chance & 0x3FFFFFFFFFFFFFFF)
