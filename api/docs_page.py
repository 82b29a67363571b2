"""The page /docs: made from the OpenAPI document on the server, so that it works offline."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, TypeAlias

from api.errors import MEANINGS

Document: TypeAlias = Mapping[str, Any]

_STYLE = """
body{font:16px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{border:1px solid #d0d7de;padding:.25rem .6rem;text-align:left;vertical-align:top}
th{background:#f6f8fa}section{border-top:1px solid #d0d7de;margin-top:1.5rem}
.method{display:inline-block;min-width:4.5em;font-weight:600}nav li{margin:.1rem 0}
h1,h2,p,li,td,code{overflow-wrap:anywhere}
@media(max-width:40rem){body{margin:1rem auto}ul{padding-left:1rem}table{font-size:.85rem}}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}a{color:#58a6ff}
th{background:#161b22}th,td,section{border-color:#30363d}}
"""


def docs_page(document: Document) -> str:
    """Every route with parameters, body and answer; then the shapes; then the error codes."""
    return "\n".join(
        (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(document['info']['title'])}</title><style>{_STYLE}</style></head>",
            f"<body><h1>{escape(document['info']['title'])}</h1>",
            f"<p>{escape(document['info'].get('description', ''))}",
            '机器可读的描述：<a href="/openapi.json">/openapi.json</a></p>',
            *_contents(document),
            *(line for operation in _operations(document) for line in _operation(*operation)),
            *_schemas(document),
            *_problems(),
            "</body></html>",
        )
    )


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method.upper(), operation


def _anchor(path: str, method: str) -> str:
    return escape(f"{method}-{path}", quote=True)


def _contents(document: Document) -> Iterator[str]:
    yield "<nav><ul>"
    for path, method, operation in _operations(document):
        yield (
            f'<li><a href="#{_anchor(path, method)}"><code class="method">{method}</code>'
            f"<code>{escape(path)}</code></a> {escape(operation.get('summary', ''))}</li>"
        )
    yield "</ul></nav>"


def _operation(path: str, method: str, operation: Document) -> Iterator[str]:
    yield f'<section id="{_anchor(path, method)}">'
    yield f'<h2><code><span class="method">{method}</span>{escape(path)}</code></h2>'
    yield f"<p><b>{escape(operation.get('summary', ''))}</b></p>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    parameters = operation.get("parameters", [])
    if parameters:
        yield "<table><tr><th>参数</th><th>位置</th><th>类型</th><th>说明</th></tr>"
        yield from (_parameter(parameter) for parameter in parameters)
        yield "</table>"
    for content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>请求体 <code>{escape(content[0])}</code>：{_type(content[1]['schema'])}</p>"
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            shape = _type(content.get("schema", {}))
            yield f"<p>{escape(status)} <code>{escape(media)}</code>：{shape}</p>"
    yield "</section>"


def _parameter(parameter: Document) -> str:
    schema = parameter.get("schema", {})
    facts = [_type(schema)]
    bounds = {"minimum": "至少", "maximum": "至多", "maxLength": "最长", "default": "默认"}
    facts += [
        f"{word} <code>{escape(str(schema[name]))}</code>"
        for name, word in bounds.items()
        if schema.get(name) not in (None, [], "")
    ]
    if parameter.get("required"):
        facts.append("必填")
    description = escape(parameter.get("description", ""))
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{parameter['in']}</td>"
        f"<td>{'，'.join(facts)}</td><td>{description}</td></tr>"
    )


def _type(schema: Document) -> str:
    """A type in words; a named shape links to its table."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#shape-{name}">{name}</a>'
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " 或 ".join(_type(part) for part in schema[several])
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))} 的列表"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"名称 → {_type(schema['additionalProperties'])}"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(word))}</code>" for word in schema["enum"])
    return f"<code>{escape(str(schema.get('type', '任意')))}</code>"


def _schemas(document: Document) -> Iterator[str]:
    yield "<section><h2>各种形状</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield f'<h3 id="shape-{escape(name)}">{escape(name)}</h3>'
        yield f"<p>{escape(schema.get('description', ''))}</p>"
        if "properties" not in schema:
            yield f"<p>{_type(schema)}</p>"
            continue
        yield "<table><tr><th>字段</th><th>类型</th><th>说明</th></tr>"
        for field, shape in schema["properties"].items():
            yield (
                f"<tr><td><code>{escape(field)}</code></td><td>{_type(shape)}</td>"
                f"<td>{escape(shape.get('description', ''))}</td></tr>"
            )
        yield "</table>"
    yield "</section>"


def _problems() -> Iterator[str]:
    yield "<section><h2>错误</h2><table>"
    yield "<tr><th>code</th><th>HTTP</th><th>含义</th><th>English</th></tr>"
    for code, meaning in MEANINGS.items():
        yield (
            f'<tr id="problem-{code}"><td><code>{code}</code></td><td>{meaning.http}</td>'
            f"<td>{meaning.title}</td><td>{meaning.title_en}</td></tr>"
        )
    yield "</table></section>"
