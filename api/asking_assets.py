"""What a request asks of the register: which assets, in which order."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.view.assets import COLUMNS, Asked
from inventory.asset import AssetKind, Condition, Status

_SORT = f"^-?({'|'.join(COLUMNS)})$"


def _asked(
    q: Annotated[str, Query(description="words that stand in tag, name, maker, model, serial, room or note")] = "",
    kind: Annotated[AssetKind | Literal[""], Query(description="empty: any")] = "",
    room: Annotated[str, Query(description="a room's id; `-`: none is written down")] = "",
    status: Annotated[
        Status | Literal["", "all"], Query(description="empty: all that did not leave the books; all: those too")
    ] = "",
    condition: Annotated[Condition | Literal[""], Query(description="empty: any")] = "",
    funding: Annotated[str, Query(description="a funding source, as it is written in the register")] = "",
    sort: Annotated[str, Query(pattern=_SORT, description=f"{', '.join(COLUMNS)}; with `-` the other way")] = "tag",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Asked:
    return Asked(q[:100], kind, room, status, condition, funding, sort, page)


AskedAssets = Annotated[Asked, Depends(_asked)]
