//! What git says about a folder.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long git may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// What git tracks under a folder; a name may be gone from the disk.
#[derive(Default)]
pub(crate) struct Tracked {
    pub files: Vec<PathBuf>,
    /// Links and submodules, which may be folders.
    pub links: Vec<PathBuf>,
}

/// What git tracks under `folder`, nothing outside a work tree; `None` when git was to be asked and
/// could not answer, so that no .gitignore can be trusted.
pub(crate) fn tracked(folder: &Path) -> Option<Tracked> {
    let whole = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let Some(top) = whole.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok())
    else {
        return Some(Tracked::default());
    };
    let output = answer(listing(folder, top))?;
    let mut tracked = Tracked::default();
    for entry in output.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        // `mode object stage<tab>name`
        let tab = entry.iter().position(|byte| *byte == b'\t')?;
        let path = folder.join(os_str(entry.get(tab + 1..)?));
        match entry.get(..3)? {
            b"100" => tracked.files.push(path),
            _ => tracked.links.push(path),
        }
    }
    Some(tracked)
}

/// Lists the index of the repository at `top`. Neither the environment nor the repository's own
/// settings may point elsewhere or start programs.
fn listing(folder: &Path, top: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
        .args(["--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath="])
        .args(["-c", "safe.bareRepository=explicit", "-C"])
        .arg(folder)
        .arg("--work-tree")
        .arg(top)
        .args(["ls-files", "--stage", "-z"])
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(above) = top.parent() {
        command.env("GIT_CEILING_DIRECTORIES", above);
    }
    command
}

/// What a command writes, if it succeeds in time.
fn answer(mut command: Command) -> Option<Vec<u8>> {
    let start = Instant::now();
    let mut child = command.spawn().ok()?;
    let output = child.stdout.take().and_then(|mut stdout| {
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new()
            .spawn(move || {
                let mut output = Vec::new();
                let read = stdout.read_to_end(&mut output);
                // The one who waits may have given up.
                let _ = sender.send(read.is_ok().then_some(output));
            })
            .ok()?;
        receiver.recv_timeout(TIME_LIMIT).ok().flatten()
    });
    let succeeded = output.is_some() && ends_well(&mut child, start);
    if !succeeded {
        // It may have ended already; either way nothing is left to wait for.
        let _ = child.kill();
        let _ = child.wait();
    }
    output.filter(|_| succeeded)
}

fn ends_well(child: &mut Child, start: Instant) -> bool {
    while start.elapsed() < TIME_LIMIT {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(PAUSE),
            Err(_) => return false,
        }
    }
    false
}

#[cfg(unix)]
fn os_str(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn os_str(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}
