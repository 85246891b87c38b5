//! Files and charts out of paths.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use policylib_reader::{discover, DiscoverOptions, Discovery};

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[&str]) -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("policylib-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = Folder(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).unwrap();
        for file in files {
            folder.write(file, "a: 1\n");
        }
        folder
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(self.0.join(folder))
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
    }

    fn find(&self, paths: &[&str], exclude: &[&str]) -> Discovery {
        let paths: Vec<_> = paths.iter().map(|path| self.0.join(path)).collect();
        let exclude = exclude.iter().map(|glob| (*glob).to_owned()).collect();
        discover(&paths, &DiscoverOptions { exclude, base: self.0.clone(), gitignore: true })
    }

    fn names(&self, paths: &[PathBuf]) -> Vec<String> {
        let name =
            |path: &PathBuf| path.strip_prefix(&self.0).unwrap().to_str().unwrap().to_owned();
        paths.iter().map(name).collect()
    }

    fn files(&self, paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let found = self.find(paths, exclude);
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        self.names(&found.files)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn folders_give_their_manifests_in_order_and_once() {
    let folder = Folder::with(&[
        "b.yml",
        "a.yaml",
        "c/d.json",
        "c/e.txt",
        ".hidden/x.YAML",
        "Kustomization",
        ".git/config.yaml",
        "README",
    ]);
    let all = [".hidden/x.YAML", "Kustomization", "a.yaml", "b.yml", "c/d.json"];
    assert_eq!(folder.files(&[""], &[]), all);
    assert_eq!(folder.files(&["c", "", "a.yaml", "./c/../a.yaml"], &[]).len(), 5);
    assert_eq!(folder.files(&["c/e.txt"], &[]), ["c/e.txt"]);
}

#[test]
fn what_is_missing_is_a_problem() {
    let folder = Folder::with(&["a.yaml"]);
    for path in ["b.yaml", "x/*.yaml", "*.json", "c/**"] {
        let found = folder.find(&[path], &[]);
        assert_eq!((found.files.len(), found.problems.len()), (0, 1), "{path}");
    }
    let bad = DiscoverOptions { exclude: vec!["{a".into()], ..DiscoverOptions::default() };
    assert_eq!(discover(std::slice::from_ref(&folder.0), &bad).problems.len(), 1);
}

#[test]
fn globs_match_files_and_folders() {
    let folder = Folder::with(&["a.yaml", "x/a.yaml", "x/b.json", "x/y/a.yaml", "z/c.yaml"]);
    assert_eq!(folder.files(&["*.yaml"], &[]), ["a.yaml"]);
    assert_eq!(folder.files(&["**/a.yaml"], &[]), ["a.yaml", "x/a.yaml", "x/y/a.yaml"]);
    assert_eq!(folder.files(&["{x,z}"], &[]), ["x/a.yaml", "x/b.json", "x/y/a.yaml", "z/c.yaml"]);
    assert_eq!(folder.files(&["x/*"], &[]), ["x/a.yaml", "x/b.json", "x/y/a.yaml"]);
}

#[test]
fn excluded_paths_are_left_out_unless_named() {
    let folder = Folder::with(&["a.yaml", "test/a.yaml", "x/test/b.yaml", "x/c.yaml"]);
    assert_eq!(folder.files(&[""], &["test/"]), ["a.yaml", "x/c.yaml"]);
    assert_eq!(folder.files(&[""], &["/test"]), ["a.yaml", "x/c.yaml", "x/test/b.yaml"]);
    assert_eq!(folder.files(&[""], &["*.yaml", "!c.yaml"]), ["x/c.yaml"]);
    assert_eq!(folder.files(&["x"], &["/x/test"]), ["x/c.yaml"]);
    assert_eq!(folder.files(&["test/a.yaml"], &["test"]), ["test/a.yaml"]);
}

#[test]
fn gitignore_hides_what_git_does_not_track() {
    let folder =
        Folder::with(&["a.yaml", "out/b.yaml", "out/tracked.yaml", "x/local.yaml", "x/kept.yaml"]);
    folder.write(".gitignore", "out/\nlocal.yaml\n");
    assert_eq!(folder.files(&[""], &[]), ["a.yaml", "x/kept.yaml"]);
    assert_eq!(folder.files(&["x/local.yaml"], &[]), ["x/local.yaml"]);
    folder.git("", &["init", "-q"]);
    assert_eq!(folder.files(&[""], &[]), ["a.yaml", "x/kept.yaml"]);
    folder.git("", &["add", "-f", "out/tracked.yaml"]);
    assert_eq!(folder.files(&[""], &[]), ["a.yaml", "out/tracked.yaml", "x/kept.yaml"]);
    // A folder that is named is meant.
    assert_eq!(folder.files(&["out"], &[]), ["out/b.yaml", "out/tracked.yaml"]);
    assert_eq!(folder.files(&[""], &["out/"]), ["a.yaml", "x/kept.yaml"]);
    assert_eq!(folder.files(&["x"], &[]), ["x/kept.yaml"]);
}

#[test]
fn gitignore_is_not_trusted_where_git_cannot_answer() {
    let folder = Folder::with(&["a.yaml", "b.yaml", "in/c.yaml", "in/.git"]);
    folder.write(".gitignore", "b.yaml\n");
    folder.write("in/.gitignore", "c.yaml\n");
    assert_eq!(folder.files(&[""], &[]), ["a.yaml", "in/c.yaml"]);
    folder.write(".git", "not a repository\n");
    assert_eq!(folder.files(&[""], &[]), ["a.yaml", "b.yaml", "in/c.yaml"]);
}

#[test]
fn repositories_inside_are_asked_too() {
    let folder = Folder::with(&["in/a.yaml", "in/b.yaml"]);
    folder.write("in/.gitignore", "*.yaml\n");
    folder.git("in", &["init", "-q"]);
    folder.git("in", &["add", "-f", "b.yaml"]);
    assert_eq!(folder.files(&[""], &[]), ["in/b.yaml"]);
}

#[test]
fn charts_are_for_helm_except_their_values_and_crds() {
    let folder = Folder::with(&[
        "app/Chart.yaml",
        "app/values.yaml",
        "app/values-prod.yaml",
        "app/values.schema.json",
        "app/templates/a.yaml",
        "app/crds/crd.yaml",
        "app/files/x.json",
        "app/plain.yaml",
        "app/ci/other.yaml",
        "app/charts/sub/Chart.yaml",
        "app/charts/sub/values.yaml",
        "app/charts/sub/crds/s.yaml",
        "app/charts/sub/templates/b.yaml",
        "app/charts/sub/charts/deep/Chart.yaml",
        "app/examples/other/Chart.yaml",
        "app/examples/other/templates/c.yaml",
        "plain.yaml",
        "charts/one/Chart.yaml",
        "charts/one/templates/d.yaml",
    ]);
    let found = folder.find(&[""], &[]);
    assert_eq!(folder.names(&found.charts), ["app", "app/examples/other", "charts/one"]);
    let files = [
        "app/charts/sub/crds/s.yaml",
        "app/ci/other.yaml",
        "app/crds/crd.yaml",
        "app/files/x.json",
        "app/plain.yaml",
        "app/values-prod.yaml",
        "app/values.yaml",
        "plain.yaml",
    ];
    assert_eq!(folder.names(&found.files), files);
    assert_eq!(folder.names(&folder.find(&["app"], &[]).charts), ["app", "app/examples/other"]);
    assert_eq!(folder.files(&["app/templates"], &[]), ["app/templates/a.yaml"]);
    assert_eq!(folder.files(&["app/templates/a.yaml"], &[]), ["app/templates/a.yaml"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_without_loops_and_without_repetition() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&["real/a.yaml", "outside/b.yaml"]);
    symlink(folder.0.join("real"), folder.0.join("real/self")).unwrap();
    symlink(folder.0.join("real/a.yaml"), folder.0.join("again.yaml")).unwrap();
    symlink(folder.0.join("outside"), folder.0.join("real/out")).unwrap();
    assert_eq!(folder.files(&["real"], &[]), ["real/a.yaml", "real/out/b.yaml"]);
    assert_eq!(folder.files(&[""], &[]).len(), 2);
    assert!(Command::new("mkfifo")
        .arg(folder.0.join("outside/pipe.yaml"))
        .status()
        .unwrap()
        .success());
    assert_eq!(folder.find(&["outside"], &[]).problems.len(), 1);
    std::fs::remove_file(folder.0.join("outside/pipe.yaml")).unwrap();
    symlink(Path::new("nowhere.yaml"), folder.0.join("broken.yaml")).unwrap();
    assert_eq!(folder.find(&[""], &[]).problems.len(), 1);
}

#[test]
fn a_chart_yaml_that_is_left_out_hides_nothing() {
    let folder = Folder::with(&["app/Chart.yaml", "app/templates/a.yaml", "app/values.yaml"]);
    let found = folder.find(&[""], &["Chart.yaml"]);
    assert_eq!(folder.names(&found.charts), ["app"]);
    assert_eq!(folder.names(&found.files), ["app/values.yaml"]);
    folder.write(".gitignore", "Chart.yaml\n");
    assert_eq!(folder.names(&folder.find(&[""], &[]).charts), ["app"]);
    assert!(folder.find(&[""], &["app/"]).charts.is_empty());
}

/// Whatever a .gitignore means, what git tracks is read.
#[test]
fn what_git_tracks_is_never_hidden() {
    for pattern in ["{a,b}.yaml", "a.yaml\t", "a.yaml\u{a0}", "*", "/a.yaml\nb.yaml", "**"] {
        let folder = Folder::with(&["a.yaml", "b.yaml", "in/a.yaml", "notes.txt"]);
        folder.git("", &["init", "-q"]);
        folder.git("", &["add", "."]);
        folder.write(".gitignore", &format!("{pattern}\n"));
        assert_eq!(folder.files(&[""], &[]), ["a.yaml", "b.yaml", "in/a.yaml"], "{pattern:?}");
        assert_eq!(folder.files(&[""], &["in/"]), ["a.yaml", "b.yaml"], "{pattern:?}");
        assert_eq!(folder.files(&["*.yaml"], &[]), ["a.yaml", "b.yaml"], "{pattern:?}");
        assert_eq!(folder.files(&["in"], &[]), ["in/a.yaml"], "{pattern:?}");
    }
}

#[test]
fn settings_of_a_repository_do_not_mislead() {
    let folder = Folder::with(&["a.yaml", "in/b.yaml", "bare/HEAD", "bare/m/c.yaml"]);
    folder.git("", &["init", "-q"]);
    folder.git("", &["add", "."]);
    folder.write(".gitignore", "*\n");
    folder.git("", &["config", "core.worktree", "/"]);
    assert_eq!(folder.files(&[""], &[]).len(), 3);
    folder.git("", &["config", "--unset", "core.worktree"]);
    folder.write("bare/HEAD", "ref: refs/heads/main\n");
    std::fs::create_dir_all(folder.0.join("bare/objects")).unwrap();
    std::fs::create_dir_all(folder.0.join("bare/refs")).unwrap();
    assert_eq!(folder.files(&["bare/m"], &[]), ["bare/m/c.yaml"]);
    // A folder that only looks like a repository.
    std::fs::create_dir_all(folder.0.join("in/.git")).unwrap();
    assert_eq!(folder.files(&["in"], &[]), ["in/b.yaml"]);
}

#[test]
fn submodules_that_are_ignored_are_read() {
    let folder = Folder::with(&["outer/a.yaml", "inner/b.yaml"]);
    folder.git("inner", &["init", "-q"]);
    folder.git("inner", &["add", "."]);
    folder.git("inner", &["commit", "-qm", "b"]);
    folder.git("outer", &["init", "-q"]);
    let inner = folder.0.join("inner");
    let arguments =
        ["-c", "protocol.file.allow=always", "submodule", "-q", "add", inner.to_str().unwrap()];
    folder.git("outer", &[&arguments[..], &["sub"]].concat());
    folder.git("outer", &["add", "."]);
    folder.write("outer/.gitignore", "*\n");
    assert_eq!(folder.files(&["outer"], &[]), ["outer/a.yaml", "outer/sub/b.yaml"]);
}

#[cfg(unix)]
#[test]
fn links_that_git_tracks_are_followed_though_ignored() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&["repo/a.yaml", "outside/b.yaml", "outside/c.yaml"]);
    symlink(folder.0.join("outside"), folder.0.join("repo/out")).unwrap();
    symlink(folder.0.join("repo"), folder.0.join("repo/self")).unwrap();
    symlink("/dev/zero", folder.0.join("repo/z.yaml")).unwrap();
    symlink("nowhere", folder.0.join("repo/y.yaml")).unwrap();
    folder.git("repo", &["init", "-q"]);
    folder.git("repo", &["add", "."]);
    folder.write("repo/.gitignore", "*\n");
    let found = folder.find(&["repo"], &[]);
    let files = ["repo/a.yaml", "repo/out/b.yaml", "repo/out/c.yaml"];
    assert_eq!(folder.names(&found.files), files);
    let problems: Vec<_> = found.problems.into_iter().map(|problem| problem.path).collect();
    assert_eq!(folder.names(&problems), ["repo/y.yaml", "repo/z.yaml"]);
    // The same without a .gitignore, through the walk.
    std::fs::remove_file(folder.0.join("repo/.gitignore")).unwrap();
    let found = folder.find(&["repo"], &[]);
    assert_eq!(
        (folder.names(&found.files), found.problems.len()),
        (files.map(str::to_owned).to_vec(), 2)
    );
}
