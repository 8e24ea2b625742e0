"""A zip of parts that are already compressed, which the standard library can't write.

Times are fixed, so that equal letters are equal bytes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_CENTRAL_HEADER: Final = struct.Struct("<4s6H3L5H1L")
_END: Final = struct.Struct("<4s4H2LH")
_VERSION: Final = 20
_UTF8: Final = 0x800
_JANUARY_1980: Final = (0, 0x21)  # time and date: the first that a zip can hold, so equal letters are equal bytes


class Entry(NamedTuple):
    """A part of the package as it stands in the zip, all but its offset."""

    name: bytes
    record: bytes
    listing: bytes

    @classmethod
    def deflated(cls, name: str, content: str | bytes) -> Entry:
        raw = content.encode() if isinstance(content, str) else content
        return cls.of(name, zlib.compress(raw, wbits=-15), zipfile.ZIP_DEFLATED, zlib.crc32(raw), len(raw))

    @classmethod
    def copied(cls, archive: bytes, info: zipfile.ZipInfo) -> Entry:
        """The part as the source has it compressed; its local header, of variable length, is left behind."""
        name_length, extra_length = struct.unpack_from("<2H", archive, info.header_offset + 26)
        start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        data = archive[start : start + info.compress_size]
        return cls.of(info.filename, data, info.compress_type, info.CRC, info.file_size)

    @classmethod
    def of(cls, name: str, data: bytes, method: int, checksum: int, size: int) -> Entry:
        """A part from its compressed bytes; checksum and size are those of what they hold."""
        headed = cls.headed(name, method, checksum, len(data), size)
        return cls(headed.name, headed.record + data, headed.listing)

    @classmethod
    def headed(cls, name: str, method: int, checksum: int, length: int, size: int) -> Entry:
        """The headers alone of a part whose ``length`` compressed bytes are somewhere else."""
        path = name.encode()
        flags = 0 if len(path) == len(name) else _UTF8
        common = (_VERSION, flags, method, *_JANUARY_1980, checksum, length, size, len(path), 0)
        record = _LOCAL_HEADER.pack(b"PK\3\4", *common) + path
        return cls(path, record, _CENTRAL_HEADER.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0))

    def content(self) -> bytes:
        """The part as it is when unpacked."""
        data = self.record[_LOCAL_HEADER.size + len(self.name) :]
        method = int.from_bytes(self.record[8:10], "little")
        return data if method == zipfile.ZIP_STORED else zlib.decompress(data, wbits=-15)


class Shell:
    """The parts that a number of zips have in common, in front of those that each has for itself."""

    def __init__(self, shared: Iterable[Entry] = ()) -> None:
        self.records = b""
        """The shared parts as they stand in front."""
        self._listing = b""
        self._count = 0
        for entry in shared:
            self._listing += entry.listing + len(self.records).to_bytes(4, "little") + entry.name
            self.records += entry.record
            self._count += 1

    def around(self, own: Iterable[Entry]) -> bytes:
        """The zip of the shared parts and these."""
        records = [self.records]
        directory = self._listing
        count, offset = self._count, len(self.records)
        for entry in own:
            records.append(entry.record)
            directory += entry.listing + offset.to_bytes(4, "little") + entry.name
            count, offset = count + 1, offset + len(entry.record)
        records += (directory, _end(directory, count, offset))
        return b"".join(records)

    def listing_with(self, entry: Entry, start: int, end: int) -> bytes:
        """The end of a zip with one more part, which stands at ``start`` and is followed by this at ``end``."""
        directory = self._listing + entry.listing + start.to_bytes(4, "little") + entry.name
        return directory + _end(directory, self._count + 1, end)


def _end(directory: bytes, count: int, offset: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)


def zipped(entries: Iterable[Entry]) -> bytes:
    """A zip of parts that are already compressed."""
    return Shell().around(entries)


class Varying:
    """A part of which only some stretches differ from zip to zip; the others are deflated once.

    A deflate stream is a row of blocks. A stretch that stays is deflated to end on a whole byte and to look back
    at nothing before it, so it fits behind any other; a stretch that differs goes in between as a stored block.
    """

    def __init__(self, name: str, pieces: Sequence[bytes | int]) -> None:
        """``pieces`` are bytes that stay, and numbers of texts that differ."""
        self._name = name
        self._stretches: list[tuple[bytes, bytes] | list[bytes | int]] = []
        for piece in pieces:
            if isinstance(piece, bytes) and len(piece) > _WORTH_DEFLATING:
                deflater = zlib.compressobj(wbits=-15)
                self._stretches.append((piece, deflater.compress(piece) + deflater.flush(zlib.Z_FULL_FLUSH)))
            elif self._stretches and isinstance(self._stretches[-1], list):
                self._stretches[-1].append(piece)
            else:
                self._stretches.append([piece])

    def entry(self, texts: Sequence[bytes]) -> Entry:
        """The part with these texts in it."""
        checksum = size = 0
        blocks = []
        for stretch in self._stretches:
            if isinstance(stretch, tuple):
                raw, deflated = stretch
                blocks.append(deflated)
            else:
                raw = b"".join([texts[each] if isinstance(each, int) else each for each in stretch])
                blocks += _stored(raw)
            checksum = zlib.crc32(raw, checksum)
            size += len(raw)
        blocks.append(_LAST_BLOCK)
        return Entry.of(self._name, b"".join(blocks), zipfile.ZIP_DEFLATED, checksum, size)


_WORTH_DEFLATING: Final = 300
_LONGEST_BLOCK: Final = 0xFFFF
_LAST_BLOCK: Final = b"\x03\x00"


def _stored(raw: bytes) -> Iterator[bytes]:
    for start in range(0, len(raw), _LONGEST_BLOCK):
        block = raw[start : start + _LONGEST_BLOCK]
        length = len(block)
        yield b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little")
        yield block


class LargePart:
    """A part that is written piece by piece behind the shared ones, for a zip that is larger than memory."""

    def __init__(self, file: BinaryIO, shell: Shell, name: str) -> None:
        self._file, self._shell, self._name = file, shell, name
        self._deflater = zlib.compressobj(wbits=-15)
        self._checksum = self._size = self._length = 0
        self._start = file.write(shell.records)
        file.write(Entry.of(name, b"", zipfile.ZIP_DEFLATED, 0, 0).record)  # its numbers follow at the end

    def write(self, raw: bytes) -> None:
        """Adds to the part."""
        self._checksum = zlib.crc32(raw, self._checksum)
        self._size += len(raw)
        self._length += self._file.write(self._deflater.compress(raw))

    def close(self) -> None:
        """Ends the part and the zip."""
        self._length += self._file.write(self._deflater.flush())
        entry = Entry.headed(self._name, zipfile.ZIP_DEFLATED, self._checksum, self._length, self._size)
        end = self._start + len(entry.record) + self._length
        self._file.write(self._shell.listing_with(entry, self._start, end))
        self._file.seek(self._start)
        self._file.write(entry.record)
