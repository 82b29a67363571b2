"""What an error means outside: one table from code to exit status, HTTP status and title."""

from dataclasses import dataclass

from graph.errors import JipuError


class SettingsError(JipuError):
    """A setting cannot be read, or two of them contradict each other."""

    code = "settings"


class PortTaken(JipuError):
    """The address to serve on is in use, or may not be used."""

    code = "port_taken"


class InvalidRequest(JipuError):
    """The request says something that cannot be answered; the message says what."""

    code = "invalid_request"


class Unauthorized(JipuError):
    """An API key is needed, or the one given is wrong."""

    code = "unauthorized"


class Forbidden(JipuError):
    """Nobody may do this from where the request comes."""

    code = "forbidden"


class UploadTooLarge(JipuError):
    """More bytes or files than one request may carry."""

    code = "upload_too_large"


class Busy(JipuError):
    """As many jobs are waiting as the settings allow."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Meaning:
    """`exit` is the command line's status: 1 the question has no answer, 2 usage or environment."""

    http: int
    exit: int
    title: str
    title_en: str


_ENVIRONMENT = 2
_UNANSWERED = 1

MEANINGS: dict[str, Meaning] = {
    "settings": Meaning(500, _ENVIRONMENT, "设置有误", "Invalid settings"),
    "port_taken": Meaning(500, _ENVIRONMENT, "端口不可用", "Port not available"),
    "store": Meaning(500, _ENVIRONMENT, "图谱出错", "Store error"),
    "store_unavailable": Meaning(503, _ENVIRONMENT, "图谱不可用", "Store unavailable"),
    "store_version": Meaning(503, _ENVIRONMENT, "图谱版本不符", "Store version mismatch"),
    "invalid_graph": Meaning(500, _ENVIRONMENT, "图数据不合定义", "Invalid graph"),
    "not_found": Meaning(404, _UNANSWERED, "没有找到", "Not found"),
    "search": Meaning(500, _ENVIRONMENT, "检索出错", "Search error"),
    "invalid_query": Meaning(422, _ENVIRONMENT, "检索条件有误", "Invalid query"),
    "model_unavailable": Meaning(503, _ENVIRONMENT, "语义模型不可用", "Model unavailable"),
    "index_mismatch": Meaning(503, _ENVIRONMENT, "索引不可用", "Index not usable"),
    "ingest": Meaning(422, _UNANSWERED, "文件读不了", "File cannot be read"),
    "unreadable": Meaning(422, _UNANSWERED, "文件读不了", "File cannot be read"),
    "empty_file": Meaning(422, _UNANSWERED, "文件是空的", "Empty file"),
    "unsupported_format": Meaning(422, _UNANSWERED, "不支持的格式", "Unsupported format"),
    "needs_ocr": Meaning(422, _UNANSWERED, "需要文字识别", "Needs text recognition"),
    "unknown_encoding": Meaning(422, _UNANSWERED, "文字编码认不出", "Unknown encoding"),
    "too_large": Meaning(413, _UNANSWERED, "文件过大", "File too large"),
    "damaged": Meaning(422, _UNANSWERED, "文件已损坏", "Damaged file"),
    "invalid_request": Meaning(422, _ENVIRONMENT, "请求有误", "Invalid request"),
    "unauthorized": Meaning(401, _ENVIRONMENT, "需要密钥", "API key required"),
    "forbidden": Meaning(403, _ENVIRONMENT, "不允许", "Forbidden"),
    "upload_too_large": Meaning(413, _ENVIRONMENT, "上传过大", "Upload too large"),
    "busy": Meaning(503, _ENVIRONMENT, "任务太多", "Too many jobs"),
    "no_route": Meaning(404, _ENVIRONMENT, "没有这个地址", "No such address"),
    "method_not_allowed": Meaning(405, _ENVIRONMENT, "方法不允许", "Method not allowed"),
    "http": Meaning(400, _ENVIRONMENT, "请求有误", "Bad request"),
    "internal": Meaning(500, _ENVIRONMENT, "内部错误", "Internal error"),
}


def meaning(code: str) -> Meaning:
    """A code that is not in the table (a bug) counts as an internal error."""
    return MEANINGS.get(code, MEANINGS["internal"])
