"""Files that an answer carries: workbooks are written on disk first, as their writer wants it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# For OpenAPI: the answer is a workbook.
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"description": "the workbook", "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


def file_of(write: Callable[[Path], None]) -> bytes:
    """What a function writes into a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        write(path)
        return path.read_bytes()


def attached(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
