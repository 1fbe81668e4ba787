"""One regular file in a tar archive, as the archive API gives and takes it.

By hand, because `tarfile` costs 17 ms to import and a warm `up` proves its mounts with every run. Format: POSIX
ustar; pax and GNU extension records are skipped, since only the content is wanted.
"""

from __future__ import annotations

_BLOCK = 512
_EXTENSIONS = b"xgLK"
_LONGEST_NAME = 100


def pack(name: str, data: bytes, *, mode: int, uid: int, gid: int) -> bytes:
    """An archive of one file; `name` has no folder and at most 100 bytes (ValueError)."""
    encoded = name.encode()
    if len(encoded) > _LONGEST_NAME or "/" in name:
        raise ValueError(f"{name!r} does not fit into a tar header")
    head = b"".join(
        (
            encoded.ljust(100, b"\0"),
            _octal(mode, 8),
            _octal(uid, 8),
            _octal(gid, 8),
            _octal(len(data), 12),
            _octal(0, 12),
            b" " * 8,
            b"0".ljust(101, b"\0"),
            b"ustar\x0000".ljust(_BLOCK - 257, b"\0"),
        )
    )
    checksum = b"%06o\0 " % sum(head)
    return head[:148] + checksum + head[156:] + data + b"\0" * (-len(data) % _BLOCK + 2 * _BLOCK)


def unpack(archive: bytes) -> bytes | None:
    """The first regular file's content, `None` when the first entry is none (a folder, a link)."""
    at = 0
    while at + _BLOCK <= len(archive):
        head = archive[at : at + _BLOCK]
        if not any(head):
            return None
        size, kind = _size(head[124:136]), head[156:157]
        at += _BLOCK
        if kind in (b"0", b"\0"):
            return archive[at : at + size]
        if kind not in _EXTENSIONS:
            return None
        at += -(-size // _BLOCK) * _BLOCK
    return None


def _octal(number: int, width: int) -> bytes:
    """Numbers that octal digits cannot hold are big-endian with the top bit set, as GNU tar and Go write them."""
    if number < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, number)
    return b"\x80" + number.to_bytes(width - 1, "big")


def _size(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b"\0 ") or b"0", 8)
