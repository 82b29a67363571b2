"""The reader for a content. What a file is called decides nothing."""

from io import BytesIO

from ingest.archive import MAGIC, container
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, EmptyFile, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.csv import find_delimiter, read_csv
from ingest.readers.docx import read_docx
from ingest.readers.html import is_html, read_html
from ingest.readers.markdown import with_pipe_tables
from ingest.readers.pdf import read_pdf
from ingest.readers.txt import read_txt
from ingest.readers.xls import OLE2, is_encrypted_package, is_workbook, locked, read_xls
from ingest.readers.xlsx import read_xlsx

# Formats known by their first bytes that have no reader yet, and what to do instead.
_UNREAD = (
    (OLE2, "旧版 Word 或 Excel（doc、xls）", "请用 Word 或 WPS 另存为 docx"),
    (b"Rar!", "RAR 压缩包", "请先解压"),
    (b"7z\xbc\xaf", "7z 压缩包", "请先解压"),
    (b"\x1f\x8b", "gzip 压缩包", "请先解压"),
    (b"\x89PNG", "图片", "请先用文字识别软件转成文本"),
    (b"\xff\xd8\xff", "图片", "请先用文字识别软件转成文本"),
)
_PDF = b"%PDF"
_WORD_MEMBER = b"word/"
_EXCEL_MEMBER = b"xl/"
_CONTAINERS = {
    "pptx": "这是演示文稿（pptx），目前还不能直接读取；请另存为 docx 后再入库。",
    "odf": "这是 OpenDocument 文件（odt、ods），目前还不能直接读取；请另存为 docx 后再入库。",
    "ofd": "这是 OFD 文件，目前还不能直接读取；请用阅读器另存为 docx 或 txt 后再入库。",
    "zip": "这是压缩包，要按里面的文件一个个读；请用 jipu ingest 入库，或先解压。",
}


def read(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """The source text of a file's content. Raises IngestError; messages begin with `name`."""
    source = _read(content, name, document, limits)
    if not source.text.strip():
        raise EmptyFile(f"{name}：里面没有文字；若是扫描件，请先用文字识别软件转成文本。")
    return source


def _read(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    if is_workbook(content):
        return read_xls(content, name, document, limits)
    if is_encrypted_package(content):
        raise locked(name)
    for magic, kind, advice in _UNREAD:
        if content.startswith(magic):
            raise UnsupportedFormat(f"{name}：这是{kind}，目前还不能直接读取；{advice}后再入库。")
    if content.startswith(_PDF):
        return read_pdf(content, name, document, limits)
    if content.startswith(MAGIC):
        return _read_container(content, name, document, limits)
    if is_html(content):
        return read_html(content, name, document, limits)
    if find_delimiter(content, name):
        return read_csv(content, name, document, limits)
    return with_pipe_tables(read_txt(content, name, document), name, limits)


def _read_container(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    try:
        kind = container(BytesIO(content), name, limits)
    except DamagedFile:
        # Cut off: its reader says so.
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
    raise UnsupportedFormat(f"{name}：{_CONTAINERS[kind]}")
