"""Files that an answer carries: workbooks are written on disk first, as their writer wants it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def as_file(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the answer is a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {200: {"description": "the file", "content": content}}


def file_of(write: Callable[[Path], None]) -> bytes:
    """What a function writes into a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xlsx"
        write(path)
        return path.read_bytes()


def attached(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
