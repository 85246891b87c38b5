//! What git says about a folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files under `folder` that git tracks although a .gitignore names them; `None` when git was
/// to be asked and could not answer, so that no .gitignore can be trusted.
pub(crate) fn tracked_but_ignored(folder: &Path) -> Option<Vec<PathBuf>> {
    if !is_worktree(folder) {
        return Some(Vec::new());
    }
    let output = Command::new("git")
        // A repository's own settings must not start programs.
        .args(["-c", "core.fsmonitor=false", "-C"])
        .arg(folder)
        .args(["ls-files", "--cached", "--ignored", "--exclude-standard", "-z"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Some(names.map(|name| folder.join(os_str(name))).filter(|path| path.is_file()).collect())
}

fn is_worktree(folder: &Path) -> bool {
    let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let found = whole.ancestors().any(|above| above.join(".git").exists());
    found
}

#[cfg(unix)]
fn os_str(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn os_str(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}
