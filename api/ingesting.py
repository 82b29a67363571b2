"""Ingest as the settings bound it, for the command line and for uploads."""

from api.settings import Settings
from ingest.limits import Limits
from ingest.pipeline import IngestOptions


def limits(settings: Settings) -> Limits:
    return Limits(
        max_file_bytes=settings.max_file_bytes,
        max_expanded_bytes=settings.max_expanded_bytes,
        max_table_cells=settings.max_table_cells,
        max_pages=settings.max_pages,
        max_files=settings.max_files,
        max_depth=settings.max_depth,
        max_archive_files=settings.max_archive_files,
        max_archive_bytes=settings.max_archive_bytes,
        max_ratio=settings.max_ratio,
        max_office_seconds=settings.max_office_seconds,
        max_ocr_pages=settings.max_ocr_pages,
        max_ocr_pixels=settings.max_ocr_pixels,
    )


def options(settings: Settings, workers: int = 1, dry_run: bool = False) -> IngestOptions:
    return IngestOptions(
        limits=limits(settings), ocr=settings.ocr, dry_run=dry_run, workers=workers
    )
