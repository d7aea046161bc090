"""All boards there are, in the order in which people read them."""

from dashboards import (
    board_device,
    board_equipment,
    board_line,
    board_room,
    board_school,
    board_services,
    board_sonca,
)
from dashboards.board import Board

BOARDS: tuple[Board, ...] = (
    board_school.BOARD,
    board_room.BOARD,
    board_device.BOARD,
    board_line.BOARD,
    board_services.BOARD,
    board_sonca.BOARD,
    board_equipment.BOARD,
)
