"""The reader for a content. What a file is called decides nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from graph.model import Warning
from ingest.archive import MAGIC, check_unpacked, container
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, EmptyFile, NeedsOcr, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers import ole
from ingest.readers.csv import find_delimiter, read_csv
from ingest.readers.doc import DOC, EXCEL_XML, ODS, ODT, RTF, WORD_XML, Older, convert
from ingest.readers.docx import read_docx
from ingest.readers.html import is_html, read_html
from ingest.readers.markdown import with_pipe_tables
from ingest.readers.ocr import Recogniser, as_pdf, installed, needs_ocr
from ingest.readers.pdf import read_pdf
from ingest.readers.txt import read_txt
from ingest.readers.xls import read_xls
from ingest.readers.xlsx import read_xlsx

# Formats known by their first bytes that have no reader yet, and what to do instead.
_UNREAD = (
    (b"Rar!", " RAR 压缩包", "请先解压"),
    (b"7z\xbc\xaf", " 7z 压缩包", "请先解压"),
    (b"\x1f\x8b", " gzip 压缩包", "请先解压"),
)
_PDF = b"%PDF"
# Readers look for it so far: servers and scanners put lines in front. There, only a first object
# behind it tells a PDF from a text that speaks of one.
_PDF_HEAD = 1024
# HTTP/1.1 200 OK ⏎ %PDF-1.7 ⏎ 1 0 obj  ·  not: 文件以 %PDF-1.7 开头
_PDF_LATER = re.compile(rb"%PDF-\d\.\d[^\r\n]{0,16}[\r\n]+(?:%[^\r\n]*[\r\n]+)*\s*\d+ \d+ obj")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8")
_RTF = b"{\\rtf"
_XML = (b"<?xml", b"\xef\xbb\xbf<?xml")
# What Office 2003 writes in front of its XML, so that Windows starts the right program.
_XML_PROGRAMS = ((b'progid="Word.Document"', WORD_XML), (b'progid="Excel.Sheet"', EXCEL_XML))
_XML_HEAD = 1024
_ODF = ((b"opendocument.text", ODT), (b"opendocument.spreadsheet", ODS))
# The name of an ODF file's type is its first member, stored as it is.
_ODF_HEAD = 128
# What a Word or Excel file begins with; a zip archive may hold one, but begins with another name.
_OFFICE_MEMBERS = (b"[Content_Types]", b"_rels/", b"docProps/", b"word/", b"xl/")
_FIRST_NAME = 30  # where a zip container has the name of its first member
_WORD_MEMBER = b"word/"
_EXCEL_MEMBER = b"xl/"
_CONTAINERS = {
    "pptx": "这是演示文稿（pptx），目前还不能直接读取；请另存为 docx 后再入库。",
    "odf": "这种 OpenDocument 文件（不是 odt 或 ods）目前还不能直接读取；请另存为 docx 后再入库。",
    "ofd": "这是 OFD 文件，目前还不能直接读取；请用阅读器另存为 docx 或 txt 后再入库。",
    "zip": "这是压缩包，要按里面的文件一个个读；请用 jipu ingest 入库，或先解压。",
}


def read(content: bytes, name: str, document: str, limits: Limits, ocr: bool = False) -> SourceText:
    """The source text of a file's content; with `ocr` also of what is a picture of text. Raises
    IngestError; messages begin with `name`."""
    source = _read(content, name, document, limits, ocr)
    if not source.text.strip():
        raise EmptyFile(f"{name}：里面没有文字；若是扫描件，请先用文字识别软件转成文本。")
    return source


def _read(content: bytes, name: str, document: str, limits: Limits, ocr: bool) -> SourceText:
    if content.startswith(ole.MAGIC):
        return _read_ole(content, name, document, limits)
    for magic, kind, advice in _UNREAD:
        if content.startswith(magic):
            raise UnsupportedFormat(f"{name}：这是{kind}，目前还不能直接读取；{advice}后再入库。")
    if _is_pdf(content):
        return _read_pdf(content, name, document, limits, ocr)
    if content.startswith(_PICTURES):
        return _read_picture(content, name, document, limits, ocr)
    if content.startswith(MAGIC):
        return _read_container(content, name, document, limits)
    if older := _older_text(content):
        return _read_older(content, older, name, document, limits)
    if is_html(content):
        return read_html(content, name, document, limits)
    if find_delimiter(content, name):
        return read_csv(content, name, document, limits)
    return with_pipe_tables(read_txt(content, name, document), name, limits)


def _is_pdf(content: bytes) -> bool:
    if content.startswith(_PDF):
        return True
    later = content.find(_PDF, 0, _PDF_HEAD)
    return later > 0 and _PDF_LATER.match(content, later) is not None


def _read_picture(
    content: bytes, name: str, document: str, limits: Limits, ocr: bool
) -> SourceText:
    if not ocr or not installed():
        raise needs_ocr(f"{name}：这是图片；请先用文字识别（OCR）软件转成文本再入库。", ocr)
    source = _read_pdf(as_pdf(content, name, limits), name, document, limits, ocr)
    return replace(source, pages=source.pages if len(source.pages) > 1 else ())


def _read_pdf(content: bytes, name: str, document: str, limits: Limits, ocr: bool) -> SourceText:
    recogniser = Recogniser(name, limits) if ocr and installed() else None
    try:
        source = read_pdf(content, name, document, limits, recogniser)
    except NeedsOcr as error:
        raise needs_ocr(str(error), ocr) from error
    if recogniser is None or not recogniser.pages:
        return source
    warning = Warning(
        code="read_by_ocr",
        message=f"{name}：第 {_listed(recogniser.pages)} 页是图片，文字由程序识别而来，"
        "可能认错；引用前请对照原件。",
    )
    return replace(source, by_ocr=True, warnings=(*source.warnings, warning))


def _listed(pages: Sequence[int]) -> str:
    """1、3–5: pages in a row as a range."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][-1] == page - 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _read_ole(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    try:
        streams = ole.streams(content)
    except ole.BrokenOle as error:
        raise DamagedFile(
            f"{name}：旧版 Office 文件（doc、xls）已损坏或不完整（{error}）；"
            "请重新下载，或用 Office 或 WPS 打开后另存为 docx、xlsx。"
        ) from error
    if "EncryptedPackage" in streams:
        raise ole.locked(name)
    if "Workbook" in streams or "Book" in streams:
        return read_xls(content, name, document, limits)
    if "WordDocument" in streams:
        if ole.is_encrypted_word(streams["WordDocument"]):
            raise ole.locked(name)
        return _read_older(content, DOC, name, document, limits)
    kind = "旧版演示文稿（ppt）" if "PowerPoint Document" in streams else "程序或其他软件的文件"
    raise UnsupportedFormat(
        f"{name}：这是{kind}，不是 Word 或 Excel 文件，目前还不能直接读取；"
        "请另存为 docx 或 xlsx 后再入库。"
    )


def _read_older(
    content: bytes, older: Older, name: str, document: str, limits: Limits
) -> SourceText:
    converted = convert(content, name, older, limits)
    reader = read_docx if older.target == "docx" else read_xlsx
    return reader(converted, name, document, limits)


def _older_text(content: bytes) -> Older | None:
    if content.startswith(_RTF):
        return RTF
    if content.startswith(_XML):
        head = content[:_XML_HEAD]
        return next((older for mark, older in _XML_PROGRAMS if mark in head), None)
    return None


def _read_container(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    try:
        kind = container(BytesIO(content), name, limits)
    except DamagedFile:
        # Cut off: its reader says so.
        if not content.startswith(_OFFICE_MEMBERS, _FIRST_NAME):
            raise
        if _WORD_MEMBER in content:
            kind = "docx"
        elif _EXCEL_MEMBER in content:
            kind = "xlsx"
        else:
            raise
    if kind == "docx":
        return read_docx(content, name, document, limits)
    if kind == "xlsx":
        return read_xlsx(content, name, document, limits)
    if kind == "odf":
        for mark, older in _ODF:
            if mark in content[:_ODF_HEAD]:
                check_unpacked(content, name, limits)
                return _read_older(content, older, name, document, limits)
    raise UnsupportedFormat(f"{name}：{_CONTAINERS[kind]}")
