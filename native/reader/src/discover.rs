//! Files to read, out of the paths that a user gives.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::GlobBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::WalkBuilder;

use crate::charts::{self, Owner};
use crate::classify::is_manifest_extension;
use crate::worktree::{self, Tracked};

/// Reading a pipe or a device may never end.
const NOT_REGULAR: &str = "is no regular file; remove or exclude it";

/// How to look for files.
#[derive(Clone, Debug)]
pub struct DiscoverOptions {
    /// Globs of what to leave out, written as in a .gitignore that lies at `base`. They do not
    /// apply to a file that is named itself.
    pub exclude: Vec<String>,
    /// The folder that `exclude` is relative to.
    pub base: PathBuf,
    /// Whether .gitignore files are respected.
    pub gitignore: bool,
}

impl Default for DiscoverOptions {
    fn default() -> DiscoverOptions {
        DiscoverOptions { exclude: Vec::new(), base: PathBuf::from("."), gitignore: true }
    }
}

/// What was found, sorted, each path once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Files to read.
    pub files: Vec<PathBuf>,
    /// Folders with a Chart.yaml, to be rendered by helm.
    pub charts: Vec<PathBuf>,
    pub problems: Vec<PathProblem>,
}

/// A path that could not be read, or is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathProblem {
    pub path: PathBuf,
    pub message: String,
}

/// Finds the files and charts under `paths`: files, folders and globs (`*`, `**`, `{a,b}`).
///
/// A file that is named is always taken. A folder gives its .yaml, .yml and .json files, hidden
/// ones included, through links but never twice; what .gitignore names is left out, except where
/// git tracks it. A chart's templates/ and charts/ are for helm, except for the crds/ in them.
pub fn discover(paths: &[PathBuf], options: &DiscoverOptions) -> Discovery {
    let mut finder = match Finder::new(options) {
        Ok(finder) => finder,
        Err(problem) => {
            return Discovery { problems: vec![problem], ..Discovery::default() };
        }
    };
    for path in paths {
        finder.path(path);
    }
    let aliased = paths.len() > 1 || finder.links;
    Discovery {
        files: once(finder.files, aliased),
        charts: once(finder.charts, aliased),
        problems: finder.problems.into_iter().collect(),
    }
}

/// Each file once, whatever the number of its names; the first name stays.
fn once(paths: BTreeSet<PathBuf>, aliased: bool) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let is_first = |path: &PathBuf| {
        !aliased || std::fs::canonicalize(path).map_or(true, |whole| seen.insert(whole))
    };
    paths.into_iter().filter(is_first).collect()
}

struct Finder<'a> {
    options: &'a DiscoverOptions,
    exclude: Gitignore,
    /// The chart of each folder that was met.
    owners: HashMap<PathBuf, Option<PathBuf>>,
    /// Whether a link was followed, so that a file may have two names.
    links: bool,
    files: BTreeSet<PathBuf>,
    charts: BTreeSet<PathBuf>,
    problems: BTreeSet<PathProblem>,
}

impl<'a> Finder<'a> {
    fn new(options: &'a DiscoverOptions) -> Result<Finder<'a>, PathProblem> {
        let base = absolute(&options.base);
        let mut builder = GitignoreBuilder::new(&base);
        let problem = |error: ignore::Error| PathProblem {
            path: options.base.clone(),
            message: format!("an exclude pattern cannot be read: {error}; correct it"),
        };
        for pattern in &options.exclude {
            builder.add_line(None, pattern).map_err(problem)?;
        }
        Ok(Finder {
            options,
            exclude: builder.build().map_err(problem)?,
            owners: HashMap::new(),
            links: false,
            files: BTreeSet::new(),
            charts: BTreeSet::new(),
            problems: BTreeSet::new(),
        })
    }

    fn fail(&mut self, path: &Path, message: impl Into<String>) {
        // The first reason is enough: the walk and git may both meet the same path.
        if self.problems.iter().all(|problem| problem.path != path) {
            self.problems.insert(PathProblem { path: path.to_owned(), message: message.into() });
        }
    }

    fn path(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => self.folder(path, &|_| true),
            Ok(_) => {
                self.files.insert(plain(path).to_owned());
            }
            Err(_) if is_glob(path) => self.glob(path),
            Err(error) => self.fail(path, format!("cannot be read: {error}; check the path")),
        }
    }

    /// What matches a glob: files as they are, folders with what they hold.
    fn glob(&mut self, pattern: &Path) {
        let glob = GlobBuilder::new(&pattern.to_string_lossy())
            .literal_separator(true)
            .build()
            .map(|glob| glob.compile_matcher());
        let matcher = match glob {
            Ok(matcher) => matcher,
            Err(error) => {
                return self.fail(pattern, format!("cannot be read: {error}; correct it"))
            }
        };
        let literal: PathBuf =
            pattern.components().take_while(|part| !is_glob(Path::new(part))).collect();
        let base = if literal.as_os_str().is_empty() { PathBuf::from(".") } else { literal };
        let before = self.files.len() + self.charts.len();
        if !base.is_dir() {
            return self.fail(pattern, "matches no file; check the path");
        }
        let bare = base == Path::new(".") && !pattern.starts_with(".");
        let wanted = |path: &Path| {
            let path = if bare { path.strip_prefix(".").unwrap_or(path) } else { path };
            path.ancestors().any(|path| matcher.is_match(path))
        };
        self.folder(&base, &wanted);
        if self.files.len() + self.charts.len() == before {
            self.fail(pattern, "matches no file; check the path");
        }
    }

    /// All manifests and charts under a folder.
    fn folder(&mut self, root: &Path, wanted: &dyn Fn(&Path) -> bool) {
        if !self.options.gitignore {
            self.walk_all(root, root, false, wanted);
            return;
        }
        let mut asked = BTreeSet::new();
        let mut open = vec![root.to_owned()];
        // Repositories inside the folder track files of their own.
        while let Some(start) = open.pop() {
            if !asked.insert(start.clone()) {
                continue;
            }
            let tracked = worktree::tracked(&start);
            open.extend(self.walk_all(root, &start, tracked.is_some(), wanted));
            open.extend(self.tracked(root, tracked.unwrap_or_default(), wanted));
        }
    }

    /// Takes every manifest that git tracks, so that it does not matter how git and the walk differ
    /// in reading a .gitignore; gives the folders among links and submodules.
    fn tracked(
        &mut self,
        root: &Path,
        tracked: Tracked,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Vec<PathBuf> {
        let manifests = tracked.files.into_iter().filter(|path| is_manifest(path));
        let mut folders = Vec::new();
        for path in manifests.chain(tracked.links) {
            if !self.is_kept(root, &path) {
                continue;
            }
            match std::fs::metadata(&path) {
                Ok(found) if found.is_dir() => {
                    self.links = true;
                    if !is_loop_of(root, &path) {
                        folders.push(path);
                    }
                }
                Ok(found) if found.is_file() => self.found(root, &path, wanted),
                Ok(_) if is_manifest(&path) => self.fail(&path, NOT_REGULAR),
                Ok(_) => (),
                Err(error) if is_manifest(&path) && path.symlink_metadata().is_ok() => {
                    self.fail(&path, format!("cannot be read: {error}; check where it leads"));
                }
                // Tracked, and removed from the work tree.
                Err(_) => (),
            }
        }
        folders
    }

    /// Takes what lies under `start`; gives the repositories that were met.
    fn walk_all(
        &mut self,
        root: &Path,
        start: &Path,
        gitignore: bool,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Vec<PathBuf> {
        let repositories = Arc::new(Mutex::new(Vec::new()));
        for entry in self.walk(start, gitignore, Arc::clone(&repositories)) {
            match entry {
                Ok(entry) => {
                    self.links |= entry.path_is_symlink();
                    let kind = entry.file_type();
                    if kind.is_some_and(|kind| kind.is_file()) {
                        self.found(root, entry.path(), wanted);
                    } else if !kind.is_some_and(|kind| kind.is_dir()) && is_manifest(entry.path()) {
                        self.fail(entry.path(), NOT_REGULAR);
                    }
                }
                Err(error) => self.walk_error(start, &error),
            }
        }
        let met = repositories.lock().map(|mut met| std::mem::take(&mut *met));
        met.unwrap_or_default()
    }

    fn walk(
        &self,
        root: &Path,
        gitignore: bool,
        repositories: Arc<Mutex<Vec<PathBuf>>>,
    ) -> ignore::Walk {
        let exclude = self.exclude.clone();
        WalkBuilder::new(root)
            .standard_filters(false)
            .git_ignore(gitignore)
            .git_exclude(gitignore)
            .parents(gitignore)
            .require_git(false)
            .follow_links(true)
            .filter_entry(move |entry| {
                if entry.file_name() == ".git" {
                    if let (Some(parent), Ok(mut met)) =
                        (entry.path().parent(), repositories.lock())
                    {
                        met.push(parent.to_owned());
                    }
                    return false;
                }
                let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                entry.depth() == 0 || !is_excluded(&exclude, entry.path(), folder)
            })
            .build()
    }

    /// Whether neither the path nor a folder above it is excluded.
    fn is_kept(&self, root: &Path, path: &Path) -> bool {
        path.ancestors().take_while(|above| *above != root).enumerate().all(|(level, above)| {
            above.file_name().is_none_or(|name| name != ".git")
                && !is_excluded(&self.exclude, above, level > 0)
        })
    }

    fn found(&mut self, root: &Path, path: &Path, wanted: &dyn Fn(&Path) -> bool) {
        if !wanted(path) {
            return;
        }
        let folder = path.parent().unwrap_or(root);
        if !self.owners.contains_key(folder) {
            self.owners.insert(folder.to_owned(), charts::chart_of(root, folder));
        }
        let chart = self.owners.get(folder).and_then(Option::as_deref);
        match charts::owner(chart, path) {
            // A Chart.yaml that is left out alone must not hide what helm makes of the rest.
            Owner::Helm(chart) => {
                self.charts.insert(plain(chart).to_owned());
            }
            Owner::None if is_manifest(path) => {
                self.files.insert(plain(path).to_owned());
            }
            Owner::None => (),
        }
    }

    fn walk_error(&mut self, root: &Path, error: &ignore::Error) {
        // Following links may lead back to a folder above: all of it is read already.
        if is_loop(error) {
            return;
        }
        let path = error_path(error).unwrap_or(root).to_owned();
        self.fail(&path, format!("cannot be read: {error}; check the path and its permissions"));
    }
}

fn is_excluded(exclude: &Gitignore, path: &Path, folder: bool) -> bool {
    !exclude.is_empty() && exclude.matched(absolute(path), folder).is_ignore()
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(is_manifest_extension)
        || path.file_name() == Some("Kustomization".as_ref())
}

/// A path without `./` in front.
fn plain(path: &Path) -> &Path {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest,
        _ => path,
    }
}

/// Whether a folder is one of those that it lies in.
fn is_loop_of(root: &Path, folder: &Path) -> bool {
    let whole = std::fs::canonicalize(folder).ok();
    let mut above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
    above.any(|above| std::fs::canonicalize(above).ok() == whole)
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => is_loop(err),
        _ => false,
    }
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => error_path(err),
        _ => None,
    }
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components().collect()
}
