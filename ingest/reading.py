"""The reader for a content. What a file is called decides nothing."""

from ingest.blocks import SourceText
from ingest.errors import EmptyFile, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.docx import read_docx
from ingest.readers.txt import read_txt

# Formats known by their first bytes that have no reader yet, and what to do instead.
_UNREAD = (
    (b"%PDF", "PDF", "请用阅读器另存为 txt"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel（doc、xls）", "请用 Word 或 WPS 另存为 docx"),
    (b"Rar!", "RAR 压缩包", "请先解压"),
    (b"7z\xbc\xaf", "7z 压缩包", "请先解压"),
    (b"\x1f\x8b", "gzip 压缩包", "请先解压"),
    (b"\x89PNG", "图片", "请先用文字识别软件转成文本"),
    (b"\xff\xd8\xff", "图片", "请先用文字识别软件转成文本"),
)
_ZIP = b"PK\x03\x04"
_WORD_MEMBER = b"word/"


def read(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """The source text of a file's content. Raises IngestError; messages begin with `name`."""
    source = _read(content, name, document, limits)
    if not source.text.strip():
        raise EmptyFile(f"{name}：里面没有文字；若是扫描件，请先用文字识别软件转成文本。")
    return source


def _read(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    for magic, kind, advice in _UNREAD:
        if content.startswith(magic):
            raise UnsupportedFormat(f"{name}：这是{kind}，目前还不能直接读取；{advice}后再入库。")
    if content.startswith(_ZIP):
        # Member names stand uncompressed in the container: a look needs no unpacking.
        if _WORD_MEMBER in content:
            return read_docx(content, name, document, limits)
        raise UnsupportedFormat(f"{name}：这是压缩包或 Excel 文件，目前还不能直接读取；请先解压。")
    return read_txt(content, name, document)
