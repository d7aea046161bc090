"""Projectors for the sentinel to ask, in a process of their own, so that their work is not counted as its own.

python -m scripts.benchmarks.projectors NUMBER     prints their ports, and runs until its input ends
"""

import contextlib
import sys

from tests.pjlink_projector import CLASS_2, RunningProjector


def main() -> None:
    with contextlib.ExitStack() as stack:
        projectors = [stack.enter_context(RunningProjector(CLASS_2)) for _ in range(int(sys.argv[1]))]
        print(*(projector.port for projector in projectors), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
