"""What `jipu doctor` and /readyz look at: each check says what it found and what to do."""

import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from api.access import check_bind
from api.searching import encoder_of, engine_of
from api.settings import Settings
from api.stats import stats
from graph.errors import JipuError, reason
from graph.opening import inspect_server, on_server, open_store
from ingest.readers.doc import office_program
from ingest.readers.ocr import INSTALL
from ingest.readers.ocr import installed as ocr_installed
from ingest.readers.pdf_fonts import has_chinese_font
from search.encoder import BUNDLED
from search.onnx_encoder import MANIFEST, damaged_files

_LEAST_PYTHON = (3, 11)
_LEAST_BYTES = 1024**3
_GIB = 1024**3
_PROBE = "群众满意度"


@dataclass(frozen=True, slots=True)
class Check:
    """`advice` says what to do and is empty where all is well."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def run(settings: Settings) -> tuple[Check, ...]:
    """Every check, in the order in which a reader would repair things; none raises."""
    checks: Iterable[tuple[str, Callable[[Settings], Check]]] = (
        ("设置", _address),
        # Before the store is opened, which makes what is missing.
        *((("Neo4j", _server),) if on_server(settings.store) else ()),
        ("图谱", _store),
        ("语义模型", _model),
        ("检索索引", _index),
        ("磁盘", _disk),
    )
    return (
        _python(),
        _office(),
        _fonts(),
        _ocr(),
        *(_guarded(name, check, settings) for name, check in checks),
    )


def _guarded(name: str, check: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return check(settings)
    except JipuError as error:
        return Check(name, False, str(error), "照上面这句话处理后再运行 jipu doctor")
    except OSError as error:
        return Check(name, False, f"{error.filename}：{reason(error)}", "请检查路径和权限")


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    ok = sys.version_info >= _LEAST_PYTHON
    return Check("Python", ok, version, "" if ok else "请安装 Python 3.11 或更新的版本")


def _office() -> Check:
    """What is optional is never broken: without it some files are refused with a sentence."""
    program = office_program()
    if program is None:
        return Check(
            "LibreOffice",
            True,
            "没有安装，旧版 Word（doc）等文件读不了",
            "要读它们，请安装 LibreOffice（sudo apt install libreoffice-writer libreoffice-calc）",
        )
    return Check("LibreOffice", True, f"{program}，可以读旧版 Word（doc）等文件")


def _fonts() -> Check:
    if has_chinese_font():
        return Check("中文字体", True, "有，没有嵌入字体的 PDF 也能读全")
    return Check(
        "中文字体",
        True,
        "没有安装，没有嵌入字体的 PDF 会漏读个别字",
        "请安装中文字体（sudo apt install fonts-noto-cjk）",
    )


def _ocr() -> Check:
    if not ocr_installed():
        advice = f"要读它们，请安装识别程序（{INSTALL}）"
        return Check("文字识别", True, "没有安装，扫描件和图片读不了", advice)
    return Check("文字识别", True, "可以用；读入时加 --ocr 或设置 JIPU_OCR=true 才识别")


def _address(settings: Settings) -> Check:
    check_bind(settings)
    count = len(settings.api_keys)
    keys = f"密钥 {count} 个" if count else "没有设置密钥，只供本机写入"
    return Check("设置", True, f"服务地址 {settings.host}:{settings.port}，{keys}")


def _server(settings: Settings) -> Check:
    report = inspect_server(settings.store)
    schema = "还没有图谱" if report.schema is None else f"图谱格式 {report.schema}"
    detail = f"{report.place}，Neo4j {report.version}（{report.edition}），{schema}，"
    if report.schema is None:
        return Check("Neo4j", True, f"{detail}第一次打开时会建立约束和索引")
    waiting = {name: state for name, state in report.indexes.items() if state != "ONLINE"}
    if not waiting:
        return Check("Neo4j", True, f"{detail}{len(report.indexes)} 个约束和索引都在线")
    named = "、".join(f"{name}（{_INDEX_STATES.get(s, s)}）" for name, s in waiting.items())
    advice = "；".join(_INDEX_ADVICE[s] for s in sorted({*waiting.values()} & _INDEX_ADVICE.keys()))
    return Check("Neo4j", False, f"{detail}这些约束或索引不在线：{named}", advice)


_INDEX_STATES = {"MISSING": "缺", "POPULATING": "正在建立", "FAILED": "没有建成"}
_INDEX_ADVICE = {
    "MISSING": "缺的在打开图谱时会自己补建：请再运行一次 jipu doctor 核对",
    "POPULATING": "正在建立的请稍后再看",
    "FAILED": "没有建成的请在服务器上删除（DROP INDEX 或 DROP CONSTRAINT 加名称），再打开就会重建",
}


def _store(settings: Settings) -> Check:
    with open_store(settings.store) as store:
        nodes = stats(store).nodes
    detail = f"可以读写；文件 {nodes['Document']:,} 份，指标 {nodes['Indicator']:,} 条"
    advice = "" if nodes["Document"] else "图谱还是空的：jipu ingest 文件或文件夹"
    return Check("图谱", True, detail, advice)


def _model(settings: Settings) -> Check:
    folder = Path(settings.model).expanduser() if settings.model else BUNDLED
    if (folder / MANIFEST).is_file() and (damaged := damaged_files(folder)):
        return Check(
            "语义模型", False, f"{'、'.join(damaged)} 缺失或校验和不符", "请重新安装模型文件"
        )
    encoder = encoder_of(settings)
    encoder.encode_passages([_PROBE])
    return Check("语义模型", True, f"{encoder.id}，{encoder.dimension} 维，可以使用")


def _index(settings: Settings) -> Check:
    with open_store(settings.store) as store:
        status = engine_of(store, settings).status()
    if not status.ready:
        ok = status.store_revision == 0
        advice = "" if ok else "下次检索会自己建立；也可以现在运行 jipu reindex"
        return Check("检索索引", True, "还没有建立", advice)
    rows = f"{status.folder}，{status.rows:,} 条"
    if status.missing:
        return Check("检索索引", False, f"{rows}，{status.missing:,} 条缺向量", "jipu reindex")
    if status.degraded:
        return Check("检索索引", False, rows, status.degraded)
    advice = "落后于图谱，下次检索会自己跟上" if status.stale else ""
    return Check("检索索引", True, rows, advice)


def _disk(settings: Settings) -> Check:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    ok = free >= _LEAST_BYTES
    advice = "" if ok else "剩余空间不足 1 GB：请清理，或用 --data 换一个盘"
    return Check("磁盘", ok, f"{folder} 剩余 {free / _GIB:,.1f} GB", advice)
