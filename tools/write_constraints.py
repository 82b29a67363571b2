"""Turn pip's installation report into the lines of constraints.txt, on stdout."""

import json
import sys
from pathlib import Path

_HEAD = """\
# Exact versions of everything that the base installation and the groups test and training bring
# in, resolved on Linux x86-64. A name that another system does not need (nvidia-*, triton,
# cuda-*) is not installed there: a constraint installs nothing by itself.
# Renew with `make constraints`.
"""


def main(report: Path) -> None:
    installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    pins = sorted(
        f"{item['metadata']['name'].lower().replace('_', '-')}=={item['metadata']['version']}"
        for item in installed
        if item["metadata"]["name"] != "jipu"
    )
    sys.stdout.write(_HEAD + "\n".join(pins) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
