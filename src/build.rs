//! The build script: with feature `torch` the program is told where its libtorch lies, so that it starts without
//! LD_LIBRARY_PATH. `.ci/libtorch.sh` sets LIBTORCH.

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    let unix = std::env::var_os("CARGO_CFG_UNIX").is_some();
    if let (Some(_), Ok(home), true) =
        (std::env::var_os("CARGO_FEATURE_TORCH"), std::env::var("LIBTORCH"), unix)
    {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{home}/lib");
    }
}
