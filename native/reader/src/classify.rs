//! What a document is: an object for Kubernetes, Helm values, a kustomization, or none of ours.

use std::path::Path;

use crate::node::{Entry, Node, Pos, Value};

/// What a document is, and so how it is given to the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Passed as it is: a Kubernetes object, or what may run containers without saying its kind.
    Object,
    /// Wrapped as `{"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": …}`.
    HelmValues,
    /// A kustomization whose `apiVersion` and `kind` were added.
    Kustomization,
    /// Nothing that a rule could judge, and why.
    Skipped(&'static str),
}

/// The document as the rules see it, and what it is.
pub(crate) fn classify(name: &str, root: Node) -> (Kind, Node) {
    if !root.is_object() {
        return (Kind::Skipped("not a mapping"), root);
    }
    let typed = has_text(&root, "apiVersion") && has_text(&root, "kind");
    if typed {
        return (Kind::Object, root);
    }
    if is_kustomization_name(name) {
        return (Kind::Kustomization, complete_kustomization(root));
    }
    if is_values_name(name) {
        return (Kind::HelmValues, wrap_values(name, root));
    }
    if may_run_containers(&root) {
        return (Kind::Object, root);
    }
    if root.get("apiVersion").is_none() && root.get("kind").is_none() && holds_image(&root) {
        return (Kind::HelmValues, wrap_values(name, root));
    }
    (Kind::Skipped("no apiVersion and kind"), root)
}

/// Whether a file name is that of Helm values: `values.yaml`, `values-prod.yaml`,
/// `prod.values.yaml` and the like, with the extension yaml, yml or json.
pub fn is_values_name(name: &str) -> bool {
    let stem = match file_name(name).rsplit_once('.') {
        Some((stem, extension)) if is_manifest_extension(extension) => stem,
        _ => return false,
    };
    let before = |rest: &str| rest.starts_with(['.', '-', '_']);
    let after = |rest: &str| rest.ends_with(['.', '-', '_']);
    let schema = stem.ends_with(".schema");
    !schema
        && (stem == "values"
            || stem.strip_prefix("values").is_some_and(before)
            || stem.strip_suffix("values").is_some_and(after))
}

pub(crate) fn is_manifest_extension(extension: &str) -> bool {
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn is_kustomization_name(name: &str) -> bool {
    matches!(file_name(name), "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

fn file_name(name: &str) -> &str {
    Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name)
}

fn has_text(root: &Node, key: &str) -> bool {
    root.get(key).and_then(Node::text).is_some_and(|text| !text.is_empty())
}

/// The keys under which a pod spec, or objects with one, hang at the root of an object. In any
/// case, since a key in the wrong case must not hide what it holds.
const CARRIERS: [&str; 7] = [
    "spec",
    "items",
    "template",
    "jobTemplate",
    "containers",
    "initContainers",
    "ephemeralContainers",
];

fn may_run_containers(root: &Node) -> bool {
    root.entries().iter().any(|entry| {
        CARRIERS.iter().any(|key| entry.key.eq_ignore_ascii_case(key))
            && match &entry.node.value {
                Value::Object(_) => true,
                Value::Array(items) => items.iter().any(Node::is_object),
                _ => false,
            }
    })
}

/// Whether an `image`-like key holds `repository`, `tag` or `digest`, anywhere.
fn holds_image(node: &Node) -> bool {
    match &node.value {
        Value::Object(entries) => {
            entries.iter().any(|entry| is_image(entry) || holds_image(&entry.node))
        }
        Value::Array(items) => items.iter().any(holds_image),
        _ => false,
    }
}

fn is_image(entry: &Entry) -> bool {
    let named = &*entry.key == "image" || entry.key.ends_with("Image");
    named && ["repository", "tag", "digest"].iter().any(|key| entry.node.get(key).is_some())
}

fn wrap_values(name: &str, root: Node) -> Node {
    let pos = root.pos;
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or("values");
    let metadata = Node::object(pos, vec![text_entry(pos, "name", stem)]);
    let entries = vec![
        text_entry(pos, "apiVersion", "policylib.dev/v1"),
        text_entry(pos, "kind", "HelmValues"),
        Entry { key: "metadata".into(), pos, node: metadata },
        Entry { key: "values".into(), pos, node: root },
    ];
    Node::object(pos, entries)
}

fn complete_kustomization(root: Node) -> Node {
    let defaults = [("apiVersion", "kustomize.config.k8s.io/v1beta1"), ("kind", "Kustomization")];
    let pos = root.pos;
    let mut entries = Vec::new();
    for (key, text) in defaults {
        if root.get(key).is_none() {
            entries.push(text_entry(pos, key, text));
        }
    }
    entries.extend(root.entries().iter().cloned());
    Node::object(pos, entries)
}

fn text_entry(pos: Pos, key: &str, text: &str) -> Entry {
    Entry { key: key.into(), pos, node: Node::string(pos, text) }
}
