"""How much one ingest may read. Every limit is a setting with a name that its error repeats."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_expanded_bytes` bounds what a compressed container (docx) may unpack to.

    `max_table_cells` bounds the grids of one file: merged and missing cells count too.
    `max_pages` bounds the pages of one PDF.
    `max_archive_files` and `max_archive_bytes` (unpacked) bound one zip archive, `max_ratio` how
    many times larger than packed one of its members may be.
    `max_office_seconds` bounds how long LibreOffice may take to convert one file.
    `max_ocr_pages` and `max_ocr_pixels` bound the pages of one file that are read as pictures, and
    each picture.
    """

    max_file_bytes: int = 64 * _MIB
    max_expanded_bytes: int = 512 * _MIB
    max_table_cells: int = 2_000_000
    max_pages: int = 20_000
    max_files: int = 100_000
    max_depth: int = 32
    max_archive_files: int = 10_000
    max_archive_bytes: int = 1024 * _MIB
    max_ratio: int = 200
    max_office_seconds: int = 120
    max_ocr_pages: int = 500
    max_ocr_pixels: int = 80_000_000
