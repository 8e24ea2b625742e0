"""Files whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from comms.errors import WritingError
from comms.languages import _


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
    waiting: list[tuple[str, Path]] = []
    try:
        for path, content in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            waiting.append((_written_beside(path, content), path))
        while waiting:
            temporary, path = waiting[-1]
            os.replace(temporary, path)  # noqa: PTH105  the temporary name is a string
            waiting.pop()
    except OSError as error:
        where = error.filename2 or error.filename or ""
        raise WritingError(
            _("kan niet worden geschreven: {file}: {reason}").format(file=where, reason=error.strerror or error)
        ) from error
    finally:
        for temporary, _path in waiting:
            with suppress(OSError):
                Path(temporary).unlink()


def _written_beside(path: Path, content: bytes) -> str:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o666 & ~_umask())  # noqa: PTH101  as any new file, not only for the owner
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return file.name


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
