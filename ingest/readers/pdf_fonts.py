"""Whether this machine has a Chinese font for the PDFs that bring none."""

from ingest.limits import Limits
from ingest.readers.pdf import read_pdf

FONT_MISSING = "font_missing"
# 绩效 in a font that the file only names; PDFium finds the objects without a table of them.
_PROBE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R
/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 35>>stream
BT /F 9 Tf 9 9 Td <7ee96548> Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H
/DescendantFonts[6 0 R]>>endobj
6 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R
/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>endobj
7 0 obj<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]
/ItalicAngle 0/Ascent 880/Descent -120/StemV 93>>endobj
trailer<</Size 8/Root 1 0 R>>
%%EOF
"""


def has_chinese_font() -> bool:
    source = read_pdf(_PROBE, "probe.pdf", "document:0000000000000000", Limits())
    return all(warning.code != FONT_MISSING for warning in source.warnings)
