"""How long one `jipu` command takes from the shell, against a bare Python start.

Whole processes, taken in turns; medians, and ratios of the same turn.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from bench.measure import EXAMPLES, footer, interleaved, jipu, ratio, run, table

REPEATS = 9
TRACED = "州财建〔2024〕9021号"
QUESTION = "老百姓满不满意"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        run(jipu(home, "ingest", str(EXAMPLES)))
        times = interleaved(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "jipu parse-value": jipu(home, "parse-value", "≥95%"),
                "jipu trace": jipu(home, "trace", TRACED, "--json"),
                "jipu search": jipu(home, "search", QUESTION, "--json"),
            },
            REPEATS,
        )
    rows = [
        [
            name,
            f"{statistics.median(seconds) * 1000:.0f} ms",
            f"{min(seconds) * 1000:.0f} ms",
            f"{ratio(times, name, 'python -c pass'):.1f}",
        ]
        for name, seconds in times.items()
    ]
    table(("命令（冷启动）", "中位", "最快", "是空 Python 的倍数"), rows)
    footer("bench.cold_start", f"{REPEATS} 轮交替；库为 examples/。")


if __name__ == "__main__":
    main()
