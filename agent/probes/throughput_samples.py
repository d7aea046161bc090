"""What a transfer of bytes says about throughput: samples, when they are enough, and the rate they stand for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

SAMPLE_SECONDS = 0.25
SLOW_START_SAMPLES = 2  # TCP looks for its speed, and buffers on the way fill
FEWEST_SAMPLES = 3  # after the slow start
AGREEING_SAMPLES, AGREE_WITHIN = 6, 0.05
MOST_SAMPLES = 32  # three digits of each fit into the longest text of a measurement
# A transfer that takes this much of a card's speed, or of a core, is held back by it.
CARD_SHARE, CORE_PERCENT = 0.85, 85.0


@dataclass(slots=True)
class Transfer:
    """One direction while it is measured and after. Samples are Mbit/s, times seconds of a clock that never jumps.

    `cpu_percent` is what the tester took of one core, `local_address` is this machine's on the way to the server.
    """

    most_bytes: int
    total_bytes: int = 0
    samples: list[float] = field(default_factory=list)
    cpu_percent: float = 0.0
    local_address: str = ""
    _since: float = 0.0
    _sampled_bytes: int = 0

    @property
    def mbps(self) -> float:
        return steady_rate(self.samples)

    def begin(self, now: float) -> None:
        self._since = now

    def is_due(self, now: float) -> bool:
        """Whether a sample ends now."""
        return now - self._since >= SAMPLE_SECONDS

    def take(self, through_bytes: int, now: float) -> bool:
        """Ends a sample; `through_bytes` are all that came through so far. Whether it was the last that is needed."""
        self.samples.append(max(0, through_bytes - self._sampled_bytes) * 8 / 1_000_000 / (now - self._since))
        self._since, self._sampled_bytes = now, through_bytes
        return len(self.samples) >= MOST_SAMPLES or agree(self.samples)


def agree(samples: Sequence[float]) -> bool:
    """Whether the last samples after the slow start are alike: more of them would say the same."""
    last = samples[SLOW_START_SAMPLES:][-AGREEING_SAMPLES:]
    return len(last) == AGREEING_SAMPLES and max(last) - min(last) <= AGREE_WITHIN * median(last)


def steady_rate(samples: Sequence[float]) -> float:
    """The median of the samples that agree; where they do not, the mean of the middle half after the slow start.

    A sender's own samples go up and down with its buffer: a median would take one side or the other. A line so quick
    that its bytes were spent after a few samples is judged by all of them.
    """
    if agree(samples):
        return median(samples[-AGREEING_SAMPLES:])
    after_start = samples[SLOW_START_SAMPLES:]
    middle = sorted(after_start if len(after_start) >= FEWEST_SAMPLES else samples)
    quarter = len(middle) // 4
    middle = middle[quarter : len(middle) - quarter]
    return sum(middle) / len(middle)


def median(samples: Sequence[float]) -> float:
    """The library's own would load decimal and fractions: 0.7 MiB of a classroom PC."""
    inner = sorted(samples)
    return (inner[(len(inner) - 1) // 2] + inner[len(inner) // 2]) / 2


def as_text(samples: Sequence[float]) -> str:
    """The raw samples with three digits each, for a measurement's text."""
    return " ".join(map(_three_digits, samples[:MOST_SAMPLES]))


LIMITS = ("line", "pc_processor", "pc_network_card")


def limited_by(transfer: Transfer, card_mbps: int) -> str:
    """`line`, or what of the PC held the transfer back: `pc_processor` or `pc_network_card` (0: speed unknown)."""
    if transfer.cpu_percent >= CORE_PERCENT:
        return "pc_processor"
    return "pc_network_card" if card_mbps and transfer.mbps >= CARD_SHARE * card_mbps else "line"


def _three_digits(sample: float) -> str:
    if sample >= 99.95:
        return f"{sample:.0f}"
    return f"{sample:.1f}" if sample >= 9.995 else f"{sample:.2f}"
