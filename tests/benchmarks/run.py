"""Every benchmark in one run: ``python tests/benchmarks/run.py``."""

from __future__ import annotations

import composing
import merging
import review
import start
import training
import word

if __name__ == "__main__":
    for benchmark in (start, composing, word, merging, review, training):
        print(f"== {(benchmark.__doc__ or '').splitlines()[0]}")
        benchmark.main()
        print()
