#!/usr/bin/env bash
# Prepares the build of feature `torch`: afterwards `cargo build --release --features torch` works in any shell.
#
#   .ci/libtorch.sh                      makes a libtorch for the CPU, out of PyPI's torch (800 MB, once, in ~/.cache/sayso)
#   LIBTORCH=/opt/libtorch .ci/libtorch.sh    uses one that is installed: version 2.4.0, with CUDA or without
#
# It writes .cargo/config.toml, which git ignores; deleting that file undoes it. Needs python3 with pip, and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
version=2.4.0

fail() { echo "libtorch.sh: $*" >&2; exit 1; }

# Makes folder $1 from the wheel: the CPU's libraries and the headers, 520 MB.
make_libtorch() {
  [ "$(uname -sm)" = "Linux x86_64" ] || fail "can make one on Linux x86_64 only; set LIBTORCH to an installed libtorch $version"
  python3 -m pip --version >/dev/null 2>&1 || fail "needs python3 with pip, or LIBTORCH set to an installed libtorch $version"
  command -v cc >/dev/null && command -v c++ >/dev/null || fail "needs a C and C++ compiler (cc, c++)"
  mkdir -p "$(dirname "$1")"
  local tmp; tmp=$(mktemp -d "$1.XXXXXX")
  trap "rm -rf '$tmp'" EXIT
  echo "libtorch.sh: downloads torch $version (800 MB) from PyPI" >&2
  python3 -m pip download -q --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: --platform manylinux1_x86_64 \
    --python-version 3.11 --implementation cp --abi cp311 -d "$tmp" "torch==$version"
  python3 - "$tmp"/torch-*.whl "$tmp/libtorch" <<'PY'
import os, shutil, sys, zipfile
wheel, out = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
for name in wheel.namelist():
    wanted = name in ("torch/lib/libtorch_cpu.so", "torch/lib/libc10.so") or name.startswith(("torch/lib/libgomp", "torch/include/"))
    if wanted and not name.endswith("/"):
        path = os.path.join(out, name.removeprefix("torch/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with wheel.open(name) as source, open(path, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
PY
  echo "$version+cpu" > "$tmp/libtorch/build-version"
  # This libtorch_cpu.so names two CUDA libraries that it calls only when a GPU is profiled: empty ones do.
  (
    cd "$tmp/libtorch/lib"
    for library in libcupti.so.12 libcudart.so.12; do
      echo "$library { global: *; };" > names.map
      echo 'void sayso_stub(void) {}' |
        cc -x c -shared -fPIC -o $library -Wl,-soname,$library -Wl,--version-script=names.map -
    done
    rm names.map
    echo | cc -x c -shared -fPIC -o libtorch.so -Wl,-soname,libtorch.so -Wl,--no-as-needed -L. -ltorch_cpu -lc10 \
      -Wl,-rpath,'$ORIGIN' -Wl,--allow-shlib-undefined -
  )
  rm -rf "$1"
  mv "$tmp/libtorch" "$1"
}

config=.cargo/config.toml
mark="# written by .ci/libtorch.sh"
home=${LIBTORCH:-${XDG_CACHE_HOME:-$HOME/.cache}/sayso/libtorch-$version}
if [ -z "${LIBTORCH:-}" ] && [ ! -f "$home/build-version" ]; then make_libtorch "$home"; fi
home=$(cd "$home" && pwd) || fail "no folder $home"
[ -f "$home/lib/libtorch.so" ] && [ -d "$home/include" ] || fail "$home has no lib/libtorch.so or no include: not a libtorch"

# Strings in C++ come in two forms; the library tells which it was built with.
abi=0
grep -q _ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx11 "$home/lib/libc10.so" && abi=1

if [ -f $config ] && ! grep -q "^$mark" $config; then
  echo "libtorch.sh: $config is yours and stays as it is; build with" >&2
  echo "export LIBTORCH='$home' LIBTORCH_CXX11_ABI=$abi"
  exit
fi
mkdir -p .cargo
printf '%s: where feature `torch` finds its library\n[env]\nLIBTORCH = "%s"\nLIBTORCH_CXX11_ABI = "%s"\n' "$mark" "$home" $abi > $config
echo "libtorch.sh: ready with $home; now: cargo build --release --features torch" >&2
