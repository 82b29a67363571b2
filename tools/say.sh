#!/bin/sh
# Sentences for people go to stderr: stdout belongs to the commands.

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 2
}

if [ "${1:-}" = help ]; then
    say '绩谱的常用命令：
  make run       建环境、装依赖、导入示例、启动服务（可用 JIPU_PORT=8001 换端口）
  make test      装测试依赖，运行全部检查（ruff、mypy、pytest）
  make bench     测速与准确率
  make examples  由 tools/examples/source 重新生成 examples/
  make docs      重新生成 docs/data-model.md，并用真实输出更新两份 README
  make clean     删除环境与缓存（不动 data/ 里的数据）'
fi
