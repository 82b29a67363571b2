"""Who issued a notice: signature, metadata, title, letterhead, or the number's prefix."""

import re
from dataclasses import dataclass, replace

from graph.model import Text
from graph.values.document_number import FoundNumber
from graph.values.issuer import certain_issuer, finance_bureau, province_of
from graph.values.text import fold
from graph.values.traditional import plain
from ingest.notice_head import SIGNATURE, Line

_HEAD_LINES = 40
_LETTERHEAD_LINES = 6
# 云山省财政厅（盖章）                                                  not: 云山省（本级）
_SEAL = re.compile(r"[(（](?:盖章|公章|印章|章|印|代章)[)）]")
# 发文机关：青禾县财政局   发文单位:云山省财政厅                        not: 来源：…
ISSUER_LABEL = re.compile(
    r"(?:发文机关|发文单位|发文机构|发布机构|发布单位|制发机关|印发机关|所属机构)[\s:：|｜]*"
    r"(?P<issuer>[^\s|｜:：]{3,40}(?: [^\s|｜:：]{4,40})?)"
)
# 来源：云州市乡村振兴局                                               not: 资金来源：…
_SOURCE = re.compile(r"(?<!资金)来源\s*[:：]\s*(?P<office>[\u4e00-\u9fff]{3,30})")


@dataclass(frozen=True, slots=True)
class Issuer:
    """The names, and the lines, title or number that tell them."""

    name: str
    start: int
    end: int


def issuer_of(
    lines: list[Line], signed: int | None, title: Text | None, number: FoundNumber | None
) -> Issuer | None:
    """The signature above the date; the metadata where it says more; the title; the letterhead;
    the prefix, where it belongs to one office only, or to the place whose page this is."""
    prefix = number.number.prefix if number else ""
    named = _named_issuer(lines, signed, title)
    if named is not None:
        names = (_with_province(name, prefix) for name in named.name.split())
        return replace(named, name=" ".join(names))
    if number is not None and (office := certain_issuer(prefix)):
        return Issuer(office, number.start, number.end)
    return _bureau_of_the_page(lines, prefix)


def _named_issuer(lines: list[Line], signed: int | None, title: Text | None) -> Issuer | None:
    labelled = _labelled_issuer(lines)
    signature = _signature(lines, signed)
    if signature and labelled and labelled.name.endswith(signature.name.removeprefix("省")):
        return labelled
    if signature:
        return _full_name(signature, title)
    return _issuer_in_title(title) or labelled or _letterhead_issuer(lines)


def _with_province(name: str, prefix: str) -> str:
    """省林业和草原局 under 冀林发 is 河北省林业和草原局."""
    word = next((word for word in ("省", "自治区") if name.startswith(word)), None)
    province = province_of(prefix) if word else None
    if word is None or province is None or not province.endswith(word):
        return name
    return province + name.removeprefix(word)


def _bureau_of_the_page(lines: list[Line], prefix: str) -> Issuer | None:
    """The finance bureau of the place from which the page comes, where the prefix is a finance
    bureau's that begins with the place's first character."""
    for line in lines[:_HEAD_LINES]:
        match = _SOURCE.search(plain(line.text))
        if match is not None:
            bureau = finance_bureau(prefix, match["office"])
            return Issuer(bureau, line.start, line.end) if bureau else None
    return None


def _labelled_issuer(lines: list[Line]) -> Issuer | None:
    for line in lines[:_HEAD_LINES]:
        match = ISSUER_LABEL.search(plain(line.text))
        if match is not None:
            first, *second = match["issuer"].split(" ")
            names = [fold(first), *(name for name in second if SIGNATURE.fullmatch(name))]
            return Issuer(" ".join(names), line.start, line.end)
    return None


def _letterhead_issuer(lines: list[Line]) -> Issuer | None:
    """云岭县财政局文件, or the names of several offices over lines of which the last has 文件."""
    names: list[str] = []
    shown = [line for line in lines if line.text][:_LETTERHEAD_LINES]
    for line in shown:
        words = plain(line.text)
        parts = words.removesuffix("文件").split()
        if not parts or not all(SIGNATURE.fullmatch(part) for part in parts):
            return None
        names += parts
        if words.endswith("文件"):
            return Issuer(" ".join(names), shown[0].start, line.end)
    return None


def _signature(lines: list[Line], signed: int | None) -> Issuer | None:
    """The names above the date, or in the last lines where no date is signed."""
    if signed is None:
        candidates = [line for line in lines if line.text][-3:]
    else:
        candidates = [line for line in lines if line.text and line.start < signed][-4:]
    names: list[str] = []
    start = end = 0
    for line in reversed(candidates):
        words = line.text if signed is None else line.text[: max(0, signed - line.start)]
        parts = _SEAL.sub("", plain(words)).split()
        if all(len(part) == 1 for part in parts):
            parts = ["".join(parts)]
        if not parts or not all(SIGNATURE.fullmatch(part) for part in parts):
            if names or signed is None:
                break
            return None
        end = end if names else line.start + len(words)
        start, names[:0] = line.start, parts
    return Issuer(" ".join(dict.fromkeys(names)), start, end) if names else None


def _full_name(signature: Issuer, title: Text | None) -> Issuer:
    """省财政厅 signs for the title's 云山省财政厅; a name that was cut off is completed."""
    titled = _issuer_in_title(title)
    named, signed = titled.name.split() if titled else [], signature.name.split()
    if len(named) == len(signed) and all(map(_is_short_for, signed, named)):
        return replace(signature, name=" ".join(named))
    return signature


def _is_short_for(short: str, full: str) -> bool:
    """省科技厅 keeps the order of characters of 云山省科学技术厅."""
    left = iter(full)
    return all(character in left for character in short)


def _issuer_in_title(title: Text | None) -> Issuer | None:
    if title is None:
        return None
    match = re.match(r"(?P<names>[^《》，。]{3,60}?)(?:关于|转发|印发)", plain(title.evidence.raw))
    if match is None:
        return None
    names = re.sub(r"\s+", " ", match["names"]).strip().split(" ")
    if not all(SIGNATURE.fullmatch(name) for name in names):
        return None
    return Issuer(" ".join(names), title.evidence.start, title.evidence.end)
