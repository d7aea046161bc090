"""The colours of boards, as people see them whose eyes lack one kind of cones.

What such eyes see is worked out as Machado, Oliveira and Fernandes did (2009).
"""

import itertools
import math

import pytest

from dashboards import words
from dashboards.words import LINES

Linear = tuple[float, ...]

# What red, green and blue light becomes, in linear light.
EYES = {
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "without blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
TOLD_APART = 15.0  # of CIE 1976; about 2 is what an eye just notices, side by side


def linear(colour: str) -> Linear:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def seen(colour: str, eye: str) -> Linear:
    light = linear(colour)
    return tuple(
        min(1.0, max(0.0, sum(share * part for share, part in zip(row, light, strict=True)))) for row in EYES[eye]
    )


def lab(light: Linear) -> Linear:
    red, green, blue = light
    x, y, z = (
        cube(part)
        for part in (
            (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
            0.2126 * red + 0.7152 * green + 0.0722 * blue,
            (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def cube(part: float) -> float:
    return math.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(
    "table", [words.ROOM_STATES, words.PRESENCES, words.CONDITIONS], ids=["rooms", "agents", "assets"]
)
def test_states_are_told_apart_by_every_eye(table: dict[str, words.Word], eye: str) -> None:
    for one, other in itertools.combinations(sorted({word.color for word in table.values()}), 2):
        assert math.dist(lab(seen(one, eye)), lab(seen(other, eye))) > TOLD_APART, (one, other)


@pytest.mark.parametrize("eye", EYES)
def test_lines_that_are_always_there_are_told_apart_by_every_eye(eye: str) -> None:
    for one, other in itertools.combinations(LINES, 2):
        assert math.dist(lab(seen(one, eye)), lab(seen(other, eye))) > TOLD_APART, (one, other)


def test_red_and_green_of_a_traffic_light_would_be_found() -> None:
    assert math.dist(lab(seen("#C0392B", "without green")), lab(seen("#6B7A1E", "without green"))) < TOLD_APART
