"""What a period's documents cost at a thousand assets: both PDFs, their twins and the annex, in one language."""

import tempfile
import time
from pathlib import Path

from inventory.report.write import write_documents
from inventory.text import Language
from scripts.benchmarks.measured import Measured, Options, Tell
from tests.report_record import SETTINGS, record

ASSETS, MILLIONS = 1_000, 600


def measure(_options: Options, tell: Tell) -> list[Measured]:
    tell(f"documents: {ASSETS} assets")
    data = record(ASSETS, MILLIONS)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        written = write_documents(data, SETTINGS, Path(folder), (Language.VI,), lambda _: None)
        seconds = time.process_time() - began
        compared = f"{len(written)} files, {sum(path.stat().st_size for path in written) // 1000} kB"
    return [Measured("documents of 1,000 assets, processor time", seconds, "s", compared, 5)]
