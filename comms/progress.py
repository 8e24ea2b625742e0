"""What a merge has done so far, in its folder: whole letters, and a manifest of who has got one.

The manifest names a recipient by row and a keyed hash, so that nobody can be read from it. A letter is written
beside its place, moved there when it is whole, and noted after that; so whatever stops the program, each letter
is there whole, and at most the one after the last note is made again, with the same bytes and under the same name.
"""

from __future__ import annotations

import json
import os
import secrets
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple

from comms.errors import WritingError
from comms.languages import _, reason

FOLDER = ".merge"
_OURS_ONLY = 0o600


@dataclass
class Notes:
    """The letters that were written, in the order of the file: their rows and keyed hashes."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    hashes: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.rows)


class Status(NamedTuple):
    """How far a merge is."""

    audience: str
    form: str
    total: int
    written: int
    finished: bool
    running: bool


class Progress:
    """The folder of a merge, held by one program at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = folder / FOLDER
        self._manifest: BinaryIO | None = None
        self.header: dict[str, Any] = {}
        self.notes = Notes()
        self.finished = False
        self._length = 0

    @contextmanager
    def held(self) -> Iterator[Progress]:
        """The folder, made where it is not there, for nobody else. Raises WritingError, also when it is in use."""
        with telling(self._own):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own.mkdir(mode=0o700, exist_ok=True)
            lock = _locked(self._own / "lock")
        if lock is None:
            wrong = _("in {folder} is al een samenvoeging bezig; wacht tot die klaar is of kies een andere map")
            raise WritingError(wrong.format(folder=self.folder))
        try:
            yield self
        finally:
            if self._manifest:
                self._manifest.close()
            lock.close()

    def key(self) -> bytes:
        """The key of this folder's hashes, made once."""
        path = self._own / "key"
        with telling(path):
            with suppress(FileNotFoundError):
                if len(key := path.read_bytes()) == _KEY_LENGTH:
                    return key
            key = secrets.token_bytes(_KEY_LENGTH)
            write_whole(self.beside("key"), path, key)
            return key

    def begun(self) -> bool:
        """Whether a manifest is there; then it is read, up to the last whole note."""
        path = self._own / "manifest"
        with telling(path):
            try:
                with path.open("rb") as file:
                    self._read(file)
            except FileNotFoundError:
                return False
        return bool(self.header)

    def _read(self, file: BinaryIO) -> None:
        for line in file:
            if not line.endswith(b"\n"):  # it was being written when the program stopped
                return
            try:
                value = json.loads(line)
            except ValueError:
                return
            if not self.header and isinstance(value, dict):
                self.header = value
            elif isinstance(value, list):
                row, hashed = value
                self.notes.rows.append(row)
                self.notes.hashes.append(int(hashed, 16))
            self.finished = value == "finished"
            self._length += len(line)

    def begin(self, header: dict[str, Any]) -> None:
        """A new manifest. Files of something else with our names must not be among the letters."""
        prefix = f"{header['audience']}."
        with telling(self.folder):
            if standing := sorted(path.name for path in self.folder.iterdir() if path.name.startswith(prefix)):
                wrong = _(
                    "in {folder} staan al brieven die niet van deze samenvoeging zijn, zoals {name}; kies een nieuwe map"
                )
                raise WritingError(wrong.format(folder=self.folder, name=standing[0]))
            content = json.dumps(header, ensure_ascii=False).encode() + b"\n"
            write_whole(self.beside("manifest"), self._own / "manifest", content)
        self.header = header
        self._open(len(content))

    def go_on(self, *, anew: bool = False) -> None:
        """Opens the manifest behind its last whole note, or behind its header."""
        if anew:
            with telling(self._own / "manifest"), (self._own / "manifest").open("rb") as file:
                self._length = len(file.readline())
            self.notes = Notes()
        self._open(self._length)

    def _open(self, length: int) -> None:
        path = self._own / "manifest"
        with telling(path):
            self._manifest = path.open("r+b", buffering=0)
            self._manifest.truncate(length)
            self._manifest.seek(length)

    def note(self, row: int, hashed: int) -> None:
        """Notes that a letter is there."""
        self._append(b'[%d,"%016x"]\n' % (row, hashed))

    def finish(self) -> None:
        """Notes that all letters are there."""
        self._append(b'"finished"\n')
        self.finished = True

    def _append(self, line: bytes) -> None:
        assert self._manifest is not None
        written = self._manifest.write(line)
        if written != len(line):  # the disk is full; the half note counts for nothing
            self._manifest.write(line[written:])

    def beside(self, name: str) -> Path:
        """Where a file is written before it is whole, on the same disk as the letters."""
        return self._own / f"{name}.part"


def status(folder: Path) -> Status:
    """How far the merge in a folder is. Raises WritingError when none was begun there."""
    progress = Progress(folder)
    if not (folder / FOLDER).is_dir() or not progress.begun():
        raise WritingError(_("in {folder} is geen samenvoeging begonnen").format(folder=folder))
    lock = _locked(folder / FOLDER / "lock")
    if lock:
        lock.close()
    header = progress.header
    return Status(
        header["audience"], header["form"], header["total"], len(progress.notes), progress.finished, lock is None
    )


_KEY_LENGTH = 32


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turns what the system says about a file into a WritingError."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = reason(error) if isinstance(error, OSError) else _("is geen bestandsnaam")
        raise WritingError(_("kan niet worden geschreven: {file}: {reason}").format(file=path, reason=why)) from error


def write_whole(beside: Path | str, path: Path | str, content: bytes) -> None:
    """A file for its owner only, in its place once it is whole."""
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), _OURS_ONLY)
    try:
        written = os.write(file, content)
        while written < len(content):
            written += os.write(file, content[written:])
    finally:
        os.close(file)
    os.replace(beside, path)  # noqa: PTH105  half of the time of a letter is in what surrounds the writing


def open_private(path: Path) -> BinaryIO:
    """A new file for its owner only."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), _OURS_ONLY), "w+b")


def _locked(path: Path) -> IO[bytes] | None:
    """The file, locked for as long as it is open and this program runs; None when another has it."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _OURS_ONLY), "r+b")
    try:
        if os.name == "nt":
            import msvcrt

            locking: Any = msvcrt
            locking.locking(file.fileno(), locking.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
