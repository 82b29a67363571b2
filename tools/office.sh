#!/bin/sh
# sh tools/office.sh: LibreOffice and a Chinese font for the tests that read old Word files and PDFs
# without fonts, where they can be installed without asking anybody. Never fails: those tests are
# skipped without them, and say so.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

packages='libreoffice-writer libreoffice-calc fonts-noto-cjk'

installed() {
    { command -v soffice >/dev/null 2>&1 || command -v libreoffice >/dev/null 2>&1; } && has_font
}

has_font() {
    .venv/bin/python -c 'import sys
from ingest.readers.pdf_fonts import has_chinese_font
sys.exit(not has_chinese_font())'
}

! installed || exit 0

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
    say "没有 LibreOffice 或中文字体：读旧版 Word（doc）和无字体 PDF 的测试会跳过。安装：sudo apt install $packages"
    exit 0
fi

say '安装 LibreOffice 和中文字体（读旧版 Word 和 PDF 的测试要用），只有第一次需要等几分钟 …'
# shellcheck disable=SC2086  # several packages
if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends $packages; } >&2 || ! installed; then
    say 'LibreOffice 或中文字体没有装上，原因见上；用到它们的测试会跳过。'
fi
