"""What planning a district's equipment costs: five thousand assets over five school years, by the greedy rule."""

import time

from inventory.plan.candidates import candidates_of
from inventory.plan.make import make_plan
from inventory.plan.prices import shipped_prices
from inventory.plan.rules import shipped_rules
from scripts.benchmarks.measured import Measured, Options, Tell
from tests.equipped_school import equipped, request

ASSETS, YEARS, MILLIONS = 5_000, 5, 3_000


def measure(_options: Options, tell: Tell) -> list[Measured]:
    tell(f"plan: {ASSETS} assets over {YEARS} years")
    assets, evidence = equipped(ASSETS)
    asked = request(MILLIONS, YEARS)
    began = time.process_time()
    found = candidates_of(assets, evidence, shipped_rules(), shipped_prices(), asked)
    plan = make_plan(found, asked, method="greedy")
    seconds = time.process_time() - began
    began = time.process_time()
    best = make_plan(found, asked, method="exact", seconds=60)
    compared = (
        f"HiGHS {time.process_time() - began:.0f} s; this covers {100 * plan.covered / best.covered:.1f} % of its "
        f"plan, which is within {100 * (best.gap or 0):.1f} % of the best"
    )
    return [Measured("upgrade plan, 5,000 assets over 5 years, processor time", seconds, "s", compared, 10)]
