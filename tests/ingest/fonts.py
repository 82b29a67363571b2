"""Tests on PDFs that leave their Chinese font to the machine need one there."""

import pytest

from ingest.readers.pdf_fonts import has_chinese_font

needs_chinese_font = pytest.mark.skipif(
    not has_chinese_font(), reason="no Chinese font on this machine: apt install fonts-noto-cjk"
)
