"""文号: issuer prefix, year and serial of an official document (GB/T 9704-2012, 7.2.5)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """`serial` has no leading zeros and may carry a sub-number: "143", "2-1"."""

    prefix: str
    year: int
    serial: str

    @property
    def canonical(self) -> str:
        """唐财建〔2024〕143号"""
        return f"{self.prefix}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text: ``text[start:end] == raw``."""

    number: DocumentNumber
    start: int
    end: int
    raw: str


def find_document_numbers(text: str) -> list[FoundNumber]:
    """Every document number in the text, in order, none overlapping."""
    raise NotImplementedError


def parse_document_number(text: str) -> DocumentNumber | None:
    """The one number that the text is, in any spelling; None where it is none or several."""
    found = find_document_numbers(text)
    return found[0].number if len(found) == 1 else None
