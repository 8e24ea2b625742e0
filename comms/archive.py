"""Zips written from parts that are compressed already, which the standard library can't do."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_CENTRAL_HEADER: Final = struct.Struct("<4s6H3L5H1L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_JANUARY_1980: Final = (0, 0x21)  # time and date: the first that a zip can hold, so equal letters are equal bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of the package as it stands in the zip, all but its offset."""

    name: bytes
    record: bytes
    listing: bytes

    @classmethod
    def deflated(cls, name: str, content: str | bytes) -> Entry:
        raw = content.encode() if isinstance(content, str) else content
        return cls._of(name, zlib.compress(raw, wbits=-15), zipfile.ZIP_DEFLATED, zlib.crc32(raw), len(raw))

    @classmethod
    def copied(cls, archive: bytes, info: zipfile.ZipInfo) -> Entry:
        """The part as the source has it compressed; its local header, of variable length, is left behind."""
        name_length, extra_length = struct.unpack_from("<2H", archive, info.header_offset + 26)
        start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        data = archive[start : start + info.compress_size]
        return cls._of(info.filename, data, info.compress_type, info.CRC, info.file_size)

    @classmethod
    def _of(cls, name: str, data: bytes, method: int, checksum: int, size: int) -> Entry:
        path = name.encode()
        flags = 0 if len(path) == len(name) else _UTF8
        common = (_VERSION, flags, method, *_JANUARY_1980, checksum, len(data), size, len(path), 0)
        record = _LOCAL_HEADER.pack(b"PK\3\4", *common) + path + data
        return cls(path, record, _CENTRAL_HEADER.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0))


def zipped(entries: Iterable[Entry]) -> bytes:
    """A zip of what is already compressed, which the standard library can't write."""
    records: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        records.append(entry.record)
        directory.append(entry.listing + offset.to_bytes(4, "little") + entry.name)
        offset += len(entry.record)
    listing = b"".join(directory)
    count = len(records)
    return b"".join((*records, listing, _END.pack(b"PK\5\6", 0, 0, count, count, len(listing), offset, 0)))
