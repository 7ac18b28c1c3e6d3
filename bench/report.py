"""What was measured, for people and for programs."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.comparison import Measured
from bench.workloads import PEERS

OTHERS = PEERS[1:]


def results(measured: Sequence[Measured]) -> Mapping[str, Mapping[str, float]]:
    """{"town_page": {"floor": r, "dataloader": r}, ...}; r is the service's throughput divided by the other's."""
    return {each.workload.name: {other: round(each.ratio(other), 3) for other in OTHERS} for each in measured}


def table(measured: Sequence[Measured], postgres: str) -> str:
    """Medians, spread and ratios, and on what they were measured."""
    lines = [f"{machine()}, {postgres}"]
    for each in measured:
        lines += ["", *_workload(each)]
    return "\n".join((*lines, "", "Rates hold for this machine only; the ratios carry over to others."))


def _workload(measured: Measured) -> Iterator[str]:
    yield f"{measured.workload.name}: {measured.length:,} bytes, generator busy at most {measured.busy:.0%}"
    yield f"  {'':<11}{'median':>10}{'middle half':>18}{'rounds x requests':>20}{'service / this':>17}"
    for name in PEERS:
        rates = measured.rates[name]
        low, _, high = quantiles(rates, n=4)
        ratio = "" if name == "service" else f"{measured.ratio(name):.3f}"
        spread, runs = f"{low:,.0f} - {high:,.0f}", f"{len(rates)} x {measured.counts[name]}"
        yield f"  {name:<11}{median(rates):>8,.0f}/s{spread:>18}{runs:>20}{ratio:>17}"


def machine() -> str:
    """What this runs on, as far as it matters."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = (line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line)
        name = next(models, name)
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"
