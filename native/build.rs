//! Puts the rules and their examples where maturin picks them up for the wheel.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    for folder in ["rego", "fixtures"] {
        println!("cargo:rerun-if-changed=../{folder}");
        let target = out.join(folder);
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        copy(&root.join(folder), &target)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if !entry.file_name().to_string_lossy().ends_with("_test.rego") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
