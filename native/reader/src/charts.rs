//! Which files of a folder are helm's to render.

use std::path::{Component, Path, PathBuf};

/// Who reads a file.
pub(crate) enum Owner {
    /// It is the Chart.yaml of a chart that helm is to render.
    Chart(PathBuf),
    /// It belongs to a chart.
    Helm,
    /// Nobody else: we do.
    None,
}

/// Who reads `path`, which belongs to `chart`.
pub(crate) fn owner(chart: Option<&Path>, path: &Path) -> Owner {
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
        [CHART] => Owner::Chart(chart.to_owned()),
        _ if is_crd(&parts) => Owner::None,
        // What Helm renders, its subcharts with the values that the chart gives them, and a schema.
        ["templates" | "charts", _, ..] | ["values.schema.json"] => Owner::Helm,
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
