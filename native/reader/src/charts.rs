//! Which files of a folder are helm's to render.

use std::path::{Component, Path, PathBuf};

/// Who reads a file.
pub(crate) enum Owner<'a> {
    /// Helm, which renders this chart.
    Helm(&'a Path),
    /// Nobody else: we do.
    None,
}

/// Who reads `path`, which belongs to `chart`.
pub(crate) fn owner<'a>(chart: Option<&'a Path>, path: &Path) -> Owner<'a> {
    let Some(chart) = chart else { return Owner::None };
    let inside = path.strip_prefix(chart).unwrap_or(path);
    let parts: Vec<&str> = inside
        .components()
        .filter_map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    match parts.as_slice() {
        _ if is_crd(&parts) => Owner::None,
        // What Helm renders, its subcharts with the values that the chart gives them, and a schema.
        [CHART | "values.schema.json"] | ["templates" | "charts", _, ..] => Owner::Helm(chart),
        // Helm passes the rest over, so a Chart.yaml beside it must not hide it.
        _ => Owner::None,
    }
}

const CHART: &str = "Chart.yaml";

/// The chart that the files of a folder belong to: the innermost one, or the one that carries it
/// in its charts/. Nothing above `root` counts.
pub(crate) fn chart_of(root: &Path, folder: &Path) -> Option<PathBuf> {
    let is_chart = |folder: &Path| folder.starts_with(root) && folder.join(CHART).is_file();
    let mut chart = folder.ancestors().find(|above| is_chart(above))?;
    loop {
        let vendor = chart.parent().filter(|parent| parent.file_name() == Some("charts".as_ref()));
        match vendor.and_then(Path::parent).filter(|parent| is_chart(parent)) {
            Some(parent) => chart = parent,
            None => return Some(chart.to_owned()),
        }
    }
}

/// `crds/…`, of the chart or of the charts in its charts/.
fn is_crd(parts: &[&str]) -> bool {
    match parts {
        ["crds", _, ..] => true,
        ["charts", _, rest @ ..] => is_crd(rest),
        _ => false,
    }
}
