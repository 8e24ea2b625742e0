"""Files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from shutil import copy2
from tempfile import NamedTemporaryFile

from comms.errors import WritingError
from comms.languages import _, reason


def write_files(files: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Writes all files or none: each is first written beside its place and moved there when all are whole.

    A file that already has the same content is left alone. Raises WritingError when one can't be written, or
    exists with other content and ``overwrite`` is False; then no file has changed.
    """
    changed = {path: content for path, content in files.items() if not _same(path, content)}
    standing = [path for path in changed if _there(path)]
    if standing and not overwrite:
        names = ", ".join(str(path) for path in standing)
        raise WritingError(
            _("bestaat al met een andere inhoud: {names}; gebruik --overwrite om te vervangen").format(names=names)
        )
    waiting: list[tuple[Path, Path]] = []
    placed: list[tuple[Path, Path | None]] = []
    try:
        for path, content in changed.items():
            with _told_of(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    raise IsADirectoryError(EISDIR, "", str(path))
                waiting.append((_written_beside(path, content), path))
        for temporary, path in waiting:
            with _told_of(path):
                placed.append((path, _kept_aside(path, temporary)))
                temporary.replace(path)
    except BaseException:
        for path, aside in reversed(placed):
            with suppress(OSError):
                aside.replace(path) if aside else path.unlink()
        raise
    finally:
        left_over = [temporary for temporary, _path in waiting] + [aside for _path, aside in placed if aside]
        for temporary in left_over:
            with suppress(OSError):
                temporary.unlink()


def _kept_aside(path: Path, temporary: Path) -> Path | None:
    """The old file under a second name, to be put back when a later one fails; None when there is none."""
    if not _there(path):
        return None
    aside = temporary.with_suffix(".old")
    try:
        aside.hardlink_to(path)
    except OSError:  # not every disk can; the name must not be without its file for a moment
        copy2(path, aside, follow_symlinks=False)
    return aside


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = reason(error) if isinstance(error, OSError) else _("is geen bestandsnaam")
        raise WritingError(_("kan niet worden geschreven: {file}: {reason}").format(file=path, reason=why)) from error


def _written_beside(path: Path, content: bytes) -> Path:
    with NamedTemporaryFile(dir=path.parent, prefix=".comms-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o666 & ~_umask())  # as any new file, not only for the owner
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
