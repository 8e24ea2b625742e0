"""What the build made beforehand, because making it takes longer than all the rest of a command.

Each file is named for what it was made with: this Python, and the code of every module that had a part in it. So
what is stale is not found, and everything is made as ever.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from comms import resources


def folder() -> Path:
    """Where the build puts what it made of the templates."""
    return resources.folder("templates") / "compiled"


@cache
def made_with(*modules: str) -> str:
    """The Python, and a checksum of the code of modules, which are found without loading them."""
    checksum = blake2b(digest_size=8)
    for module in modules:
        package, _dot, name = module.partition(".")
        spec = find_spec(package)
        path = Path(spec.origin) if spec and spec.origin else Path()
        with suppress(OSError):
            checksum.update((path.parent.joinpath(*name.split(".")).with_suffix(".py") if name else path).read_bytes())
    return f"{sys.implementation.cache_tag}.{checksum.hexdigest()}"
