"""Machines sold to schools in Viet Nam from 2012 to 2024: what they are made of, and how strong they are.

Processors carry family, model and stepping as their makers number them, since these decide about Windows 11.
"""

import math
from dataclasses import dataclass
from typing import Literal

from sonca.simulate.chance import Chance


@dataclass(frozen=True)
class Cpu:
    """`speed` in MHz; `threads` of the whole processor."""

    name: str
    speed: int
    cores: int
    threads: int
    family: int
    model: int
    stepping: int
    platform_field: int = 2  # what Windows calls Platform Specific Field 1


@dataclass(frozen=True)
class Storage:
    """`size` in GB as printed on the disk."""

    model: str
    size: int
    interface: str = "IDE"  # what Windows calls SATA
    kind: Literal["hdd", "ssd", "nvme", "emmc"] = "hdd"


@dataclass(frozen=True)
class System:
    full_name: str
    version: str
    name: str = "Windows"


@dataclass(frozen=True)
class Machine:
    """One model. `junk_serial` is what its maker left in the firmware instead of a serial number."""

    maker: str
    model: str
    year: int
    chassis: str
    processor: Cpu
    memory_gb: int
    memory_type: str
    storage: Storage
    system: System
    junk_serial: str = ""

    @property
    def strength(self) -> float:
        """About 1 for a PC of 2012 and 3.5 for one of 2024; less for a small one without a fan."""
        generation = 1 + (self.year - 2012) * 0.08
        return math.sqrt(self.processor.cores) * self.processor.speed / 4_000 * generation

    @property
    def is_linux(self) -> bool:
        return self.system.name != "Windows"


I3_3220 = Cpu("Intel(R) Core(TM) i3-3220 CPU @ 3.30GHz", 3300, 2, 4, 6, 58, 9)
G2030 = Cpu("Intel(R) Pentium(R) CPU G2030 @ 3.00GHz", 3000, 2, 2, 6, 58, 9)
I3_4150 = Cpu("Intel(R) Core(TM) i3-4150 CPU @ 3.50GHz", 3500, 2, 4, 6, 60, 3)
G4400 = Cpu("Intel(R) Pentium(R) CPU G4400 @ 3.30GHz", 3312, 2, 2, 6, 94, 3)
I3_7100 = Cpu("Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz", 3912, 2, 4, 6, 158, 9)
I3_9100 = Cpu("Intel(R) Core(TM) i3-9100 CPU @ 3.60GHz", 3600, 4, 4, 6, 158, 11)
I3_10100 = Cpu("Intel(R) Core(TM) i3-10100 CPU @ 3.60GHz", 3600, 4, 8, 6, 165, 3)
I3_12100 = Cpu("12th Gen Intel(R) Core(TM) i3-12100", 3300, 4, 8, 6, 151, 5)
I3_14100 = Cpu("Intel(R) Core(TM) i3-14100", 3500, 4, 8, 6, 183, 1)
N100 = Cpu("Intel(R) N100", 800, 4, 4, 6, 190, 0)
N3350 = Cpu("Intel(R) Celeron(R) CPU N3350 @ 1.10GHz", 1101, 2, 2, 6, 92, 9)
I3_6006U = Cpu("Intel(R) Core(TM) i3-6006U CPU @ 2.00GHz", 1992, 2, 4, 6, 78, 3)
I5_8265U = Cpu("Intel(R) Core(TM) i5-8265U CPU @ 1.60GHz", 1800, 4, 8, 6, 142, 12)
I3_1115G4 = Cpu("11th Gen Intel(R) Core(TM) i3-1115G4 @ 3.00GHz", 2995, 2, 4, 6, 140, 1)
I3_1215U = Cpu("12th Gen Intel(R) Core(TM) i3-1215U", 1200, 6, 8, 6, 154, 4)
N4000 = Cpu("Intel(R) Celeron(R) N4000 CPU @ 1.10GHz", 1100, 2, 2, 6, 122, 1)

HDD_250 = Storage("WDC WD2500AAKX-00ERMA0", 250)
HDD_500 = Storage("ST500DM002-1BD142", 500)
HDD_1000 = Storage("TOSHIBA DT01ACA100", 1000)
HDD_LAPTOP = Storage("TOSHIBA MQ01ABF050", 500)
SSD_120 = Storage("KINGSTON SA400S37120G", 120, kind="ssd")
SSD_240 = Storage("KINGSTON SA400S37240G", 240, kind="ssd")
NVME_256 = Storage("KBG40ZNS256G NVMe KIOXIA 256GB", 256, "SCSI", "nvme")
NVME_512 = Storage("WD PC SN740 SDDPNQD-512G", 512, "SCSI", "nvme")
EMMC_32 = Storage("Hynix HBG4a2", 32, "SCSI", "emmc")

WINDOWS_7 = System("Microsoft Windows 7 Professional", "6.1.7601")
WINDOWS_10 = System("Microsoft Windows 10 Pro", "10.0.19045")
WINDOWS_10_HOME = System("Microsoft Windows 10 Home Single Language", "10.0.19045")
WINDOWS_11 = System("Microsoft Windows 11 Pro", "10.0.26100")
WINDOWS_11_HOME = System("Microsoft Windows 11 Home Single Language", "10.0.26100")
UBUNTU = System("Ubuntu 22.04.5 LTS", "22.04", "Ubuntu")

GIGABYTE = "Gigabyte Technology Co., Ltd."
OEM, DEFAULT = "To Be Filled By O.E.M.", "Default string"

DESKTOPS = (
    Machine("FPT", "FPT Elead M525", 2012, "Desktop", G2030, 2, "DDR3", HDD_250, WINDOWS_7, OEM),
    Machine("CMS", "X-Media X1E21", 2013, "Desktop", I3_3220, 4, "DDR3", HDD_500, WINDOWS_7, OEM),
    Machine("Dell Inc.", "OptiPlex 3010", 2013, "Desktop", I3_3220, 4, "DDR3", HDD_500, WINDOWS_10),
    Machine("Hewlett-Packard", "HP ProDesk 400 G2 MT", 2015, "Mini Tower", I3_4150, 4, "DDR3", HDD_500, WINDOWS_10),
    Machine("Acer", "Veriton M2640G", 2017, "Desktop", G4400, 4, "DDR4", HDD_1000, WINDOWS_10),
    Machine(GIGABYTE, "H110M-DS2", 2017, "Desktop", I3_7100, 8, "DDR4", SSD_240, WINDOWS_10, DEFAULT),
    Machine("Dell Inc.", "Vostro 3671", 2019, "Mini Tower", I3_9100, 4, "DDR4", HDD_1000, WINDOWS_10_HOME),
    Machine("LENOVO", "ThinkCentre M70s", 2021, "Desktop", I3_10100, 8, "DDR4", NVME_256, WINDOWS_11),
    Machine("SingPC", "SingPC M11i3", 2022, "Mini Tower", I3_10100, 8, "DDR4", SSD_240, WINDOWS_11, DEFAULT),
    Machine("ASUSTeK COMPUTER INC.", "ExpertCenter D500SD", 2023, "Desktop", I3_12100, 8, "DDR4", NVME_256, WINDOWS_11),
    Machine("Dell Inc.", "OptiPlex 7020 Micro", 2024, "Mini PC", I3_14100, 8, "DDR5", NVME_512, WINDOWS_11),
)  # fmt: skip
LAPTOPS = (
    Machine("ASUSTeK COMPUTER INC.", "X441NA", 2017, "Notebook", N3350, 4, "DDR3", HDD_LAPTOP, WINDOWS_10_HOME),
    Machine("Acer", "Aspire E5-476", 2018, "Notebook", I3_6006U, 4, "DDR4", HDD_LAPTOP, WINDOWS_10_HOME),
    Machine("Dell Inc.", "Vostro 3480", 2019, "Notebook", I5_8265U, 8, "DDR4", SSD_240, WINDOWS_10),
    Machine("HP", "HP 240 G8 Notebook PC", 2021, "Notebook", I3_1115G4, 4, "DDR4", NVME_256, WINDOWS_11_HOME),
    Machine("LENOVO", "V14 G3 IAP", 2023, "Notebook", I3_1215U, 8, "DDR4", NVME_512, WINDOWS_11_HOME),
)
PROJECTOR_PCS = (
    Machine("AZW", "Z83-F", 2018, "Mini PC", N4000, 4, "DDR4", EMMC_32, WINDOWS_10_HOME, DEFAULT),
    Machine("Intel(R) Client Systems", "NUC7CJYH", 2019, "Mini PC", N4000, 4, "DDR4", SSD_120, UBUNTU),
    Machine("AZW", "MINI S", 2023, "Mini PC", N100, 8, "DDR4", NVME_256, WINDOWS_11, DEFAULT),
)

WIFI_CARDS = (
    "Realtek RTL8821CE 802.11ac PCIe Adapter",
    "Intel(R) Dual Band Wireless-AC 3165",
    "Qualcomm Atheros QCA9377 Wireless Network Adapter",
    "TP-Link Wireless USB Adapter",
)


def machine_of(role: str, chance: Chance) -> Machine:
    """The machine of one device: bought over the years, so all ages stand side by side."""
    models = {"laptop": LAPTOPS, "may-chieu": PROJECTOR_PCS}.get(role, DESKTOPS)
    return chance.named("machine").one_of(models)
