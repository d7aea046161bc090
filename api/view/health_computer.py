"""Signs of a PC while it runs: what its disks say of themselves, room on them, memory, and how long it has run."""

from collections.abc import Iterator

from api.say import Say
from api.text import Text
from api.view.known import Known, number
from api.view.sign import Sign, Tone, tone_above
from collector.store.protocol import DAY_MS, StoredMeasurement

LONG_DAYS = 14
_WORN, _WORN_OUT = 80, 100
_FULL, _OVERFULL = 90, 97
_LOW_SPARE = 10
_COMPUTERS = frozenset({"computer", "laptop"})

DISK_LABEL = Text("Sức khỏe ổ {disk}", "Health of disk {disk}")
DISK_FINE = Text("ổ tự báo còn tốt", "it says it is fine")
DISK_FAILING = Text("ổ tự báo sắp hỏng: sao lưu và thay ngay", "it says it is failing: back up and replace it now")
DISK_BAD_SECTORS = Text("{count} cung từ hỏng", "{count} bad sectors", "1 bad sector")
DISK_LOST = Text("{count} lần mất dữ liệu", "lost data {count} times", "lost data once")
DISK_WORN = Text("đã mòn {percent} %", "{percent}% worn")
RAN_HOURS = Text("đã chạy {hours} giờ", "ran for {hours} hours")
SPACE_LABEL = Text("Dung lượng {volume}", "Space on {volume}")
USED = Text("đã dùng {percent} %", "{percent}% used")
FREE = Text("còn {size}", "{size} free")
MEMORY_LABEL = Text("Bộ nhớ", "Memory")
OF_SIZE = Text("trong {size}", "of {size}")
RUNNING_LABEL = Text("Khởi động lại", "Last restart")
AGO = Text("{length} trước", "{length} ago")
RESTART = Text("nên khởi động lại", "should be restarted")


def computer_signs(known: Known, say: Say) -> Iterator[Sign]:
    for entry in known.all("smart"):
        if "healthy" in entry.fields:
            yield _disk(entry, say)
    for entry in known.present("disk"):
        yield from _space(entry, say)
    for probe in ("host", "snmp_host"):
        for entry in known.present(probe):
            yield from _memory(entry, say)
    for probe in ("host", "snmp_system"):
        for entry in known.present(probe):
            yield from _running(known, entry, say)


def _disk(entry: StoredMeasurement, say: Say) -> Sign:
    fields = entry.fields
    sectors = sum(number(fields.get(name)) or 0 for name in ("reallocated_sectors", "pending_sectors"))
    lost = number(fields.get("media_errors")) or 0
    wear, spare, hours = (number(fields.get(name)) for name in ("wear_percent", "spare_percent", "power_on_hours"))
    tone = Tone.GOOD if wear is None else tone_above(wear, _WORN, _WORN_OUT)
    if sectors or lost or (spare is not None and spare < _LOW_SPARE):
        tone = Tone.WATCH if tone is Tone.GOOD else tone
    word = say(DISK_FINE)
    if fields["healthy"] is not True:
        tone, word = Tone.BAD, say(DISK_FAILING)
    notes = [say(DISK_BAD_SECTORS, count=int(sectors))] if sectors else []
    notes += [say(DISK_LOST, count=int(lost))] if lost else []
    notes += [] if wear is None else [say(DISK_WORN, percent=wear)]
    notes += [] if hours is None else [say(RAN_HOURS, hours=int(hours))]
    return Sign("disk", tone, say(DISK_LABEL, disk=entry.target), word, note=", ".join(notes))


def _space(entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    used, free = (number(entry.fields.get(name)) for name in ("disk_used_percent", "disk_free_bytes"))
    if used is not None:
        note = "" if free is None else say(FREE, size=say.size(free))
        label, tone = say(SPACE_LABEL, volume=entry.target), tone_above(used, _FULL, _OVERFULL)
        yield Sign("space", tone, label, say(USED, percent=round(used)), used, note)


def _memory(entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    used, total = (number(entry.fields.get(name)) for name in ("memory_used_percent", "memory_total_bytes"))
    if used is not None:
        note = "" if total is None else say(OF_SIZE, size=say.size(total))
        tone = tone_above(used, _FULL, 101)
        yield Sign("memory", tone, say(MEMORY_LABEL), say(USED, percent=round(used)), used, note)


def _running(known: Known, entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    """A PC wants its restarts, for updates above all; network gear is glad without."""
    seconds = number(entry.fields.get("uptime_seconds"))
    if seconds is not None:
        long = known.device.kind in _COMPUTERS and 1000 * seconds >= LONG_DAYS * DAY_MS
        word = say(AGO, length=say.duration(1000 * seconds))
        tone = Tone.WATCH if long else Tone.PLAIN
        yield Sign("restart", tone, say(RUNNING_LABEL), word, note=say(RESTART) if long else "")
