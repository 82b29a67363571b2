#!/bin/sh
# sh tools/install.sh base|test: bring .venv up to date with pyproject.toml and constraints.txt.
# A stamp holds what was installed, so that a second run costs nothing.
set -eu
cd "$(dirname "$0")/.."
# shellcheck source=tools/say.sh
. tools/say.sh

group=${1:-base}
case $group in
    base) what=. need_mib=1024 ;;
    # PyTorch for Linux brings several GB of CUDA libraries along.
    test) what='.[test]' need_mib=8192 ;;
    *) fail "不认识的安装组 $group；可用 base 或 test。" ;;
esac

usable() {
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && ! moved
}

# Scripts of an environment hold its path: after a move they start nothing, or another checkout.
# One that is a link lies elsewhere on purpose, and is not ours to clear.
moved() {
    [ ! -L .venv ] && [ -f .venv/bin/pip ] && ! grep -qF "$(pwd -P)/.venv/bin/" .venv/bin/pip
}

key() {
    cat pyproject.toml constraints.txt | cksum
}

stamped() {
    [ -f ".venv/jipu-$1.stamp" ] && [ "$(cat ".venv/jipu-$1.stamp")" = "$(key)" ]
}

# The test group holds everything that the base installation has.
if usable && { stamped "$group" || stamped test; }; then
    exit 0
fi

free_mib=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free_mib" -ge "$need_mib" ] || fail "磁盘空间不够：$(pwd) 只剩 $free_mib MiB，安装需要约 $need_mib MiB；请清理后再试，或换一个磁盘。"
[ -w . ] || fail "没有写入 $(pwd) 的权限；请换一个自己的文件夹，或用 chmod 放开权限。"

if ! usable || [ -n "${PYTHON:-}" ]; then
    python=$(sh tools/python.sh) || exit $?
    say "用 $python 建立环境 .venv …"
    "$python" -m venv --clear .venv || fail "环境没有建成；请看上面的原因。Debian、Ubuntu 可先运行 sudo apt install python3-venv。"
fi

rm -f .venv/jipu-*.stamp
say "安装依赖（$group），只有第一次需要等几分钟 …"
quiet=-q
[ ! -t 2 ] || quiet=
# Build tools warn at length about nothing that a user could mend: only a failure shows that.
# shellcheck disable=SC2086  # an empty $quiet is no argument
.venv/bin/python -m pip install --disable-pip-version-check $quiet -c constraints.txt -e "$what" \
    >&2 2>.venv/install.log || {
    cat .venv/install.log >&2
    fail '依赖没有装全。多半是网络不通：请检查网络或代理，或用环境变量 PIP_INDEX_URL 指定就近的镜像，然后再运行一次（会接着装）。'
}
key >".venv/jipu-$group.stamp"
