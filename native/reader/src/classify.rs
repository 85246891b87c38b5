//! What a document is: an object for Kubernetes, Helm values, something known by its name or shape,
//! or none of ours.

use std::path::Path;

use crate::node::{Entry, Node, Pos, Value};

/// What a document is, and so how it is given to the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Passed as it is: a Kubernetes object, or what may run containers without saying its kind.
    Object,
    /// Wrapped as `{"apiVersion": "policylib.dev/v1", "kind": "HelmValues", "values": …}`.
    HelmValues,
    /// Known by its name or shape; the `apiVersion` and this `kind` were added.
    Completed(&'static str),
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
        return complete(name, root, "kustomize.config.k8s.io/v1beta1", "Kustomization");
    }
    if is_values_name(name) {
        return (Kind::HelmValues, wrap_values(name, root));
    }
    let untyped = lacks(&root, "apiVersion") && lacks(&root, "kind");
    let ours = known_by_half(&root)
        .or_else(|| may_be_ours(&root).then(|| known_by_shape(name, &root)).flatten());
    if let Some(kind) = ours {
        return complete(name, root, "policylib.dev/v1", kind);
    }
    if may_run_containers(&root) {
        return (Kind::Object, root);
    }
    if untyped && holds_image(&root) {
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

fn lacks(root: &Node, key: &str) -> bool {
    root.get(key).is_none_or(says_nothing)
}

fn says_nothing(node: &Node) -> bool {
    matches!(node.value, Value::Null) || node.text() == Some("")
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
    let entries = vec![
        text_entry(pos, "apiVersion", "policylib.dev/v1"),
        text_entry(pos, "kind", "HelmValues"),
        Entry { key: "metadata".into(), pos, node: named(pos, name) },
        Entry { key: "values".into(), pos, node: root },
    ];
    Node::object(pos, entries)
}

/// What the document would have said of itself, where it says nothing.
fn complete(name: &str, root: Node, version: &str, kind: &'static str) -> (Kind, Node) {
    let pos = root.pos;
    let mut entries = Vec::new();
    for (key, text) in [("apiVersion", version), ("kind", kind)] {
        if lacks(&root, key) {
            entries.push(text_entry(pos, key, text));
        }
    }
    if lacks(&root, "metadata") {
        entries.push(Entry { key: "metadata".into(), pos, node: named(pos, name) });
    }
    let added = |entry: &&Entry| {
        matches!(&*entry.key, "apiVersion" | "kind" | "metadata") && says_nothing(&entry.node)
    };
    entries.extend(root.entries().iter().filter(|entry| !added(entry)).cloned());
    (Kind::Completed(kind), Node::object(pos, entries))
}

/// Metadata that names a document by its file, by which an exception can mean just this one.
fn named(pos: Pos, name: &str) -> Node {
    let name = name.strip_prefix("./").unwrap_or(name);
    Node::object(pos, vec![text_entry(pos, "name", name)])
}

/// What a service of a catalog says, and no service of anything else; in any case.
const SERVICE_KEYS: [&str; 3] = ["tier", "owner", "oncall"];

/// What a request to move or keep data says; in any spelling, so that a slip does not hide it.
const REQUEST_KEYS: [&str; 9] = [
    "region",
    "regions",
    "data_class",
    "data_classes",
    "dataclass",
    "tenant",
    "purpose",
    "pipeline",
    "destination",
];

/// The kind of a document that says a kind of ours, in any case, and forgets the apiVersion.
fn known_by_half(root: &Node) -> Option<&'static str> {
    let said = root.get("kind").and_then(Node::text).filter(|_| lacks(root, "apiVersion"))?;
    ["EgressEvent", "ServiceCatalog", "TerraformPlan", "TransferRequest"]
        .into_iter()
        .find(|kind| kind.eq_ignore_ascii_case(said))
}

/// Whether a document without a kind may be one of ours: no apiVersion says that it is another's.
fn may_be_ours(root: &Node) -> bool {
    let version = root.get("apiVersion").and_then(Node::text);
    lacks(root, "kind")
        && (lacks(root, "apiVersion")
            || version.is_some_and(|version| version.starts_with("policylib.dev/")))
}

/// The kind of a document that says none, by its name or its keys.
fn known_by_shape(name: &str, root: &Node) -> Option<&'static str> {
    if is_catalog_name(name) || is_catalog(root) {
        return Some("ServiceCatalog");
    }
    if is_request(root) {
        return Some("TransferRequest");
    }
    let plan = ["planned_values", "resource_changes", "values"];
    let is_plan =
        has_text(root, "format_version") && plan.iter().any(|key| root.get(key).is_some());
    is_plan.then_some("TerraformPlan")
}

fn is_catalog_name(name: &str) -> bool {
    let name = file_name(name);
    let stem = name.rsplit_once('.').filter(|(_, extension)| is_manifest_extension(extension));
    stem.is_some_and(|(stem, _)| stem == "service-catalog" || stem == "service_catalog")
}

fn is_catalog(root: &Node) -> bool {
    root.get("services").is_some_and(|services| match &services.value {
        Value::Object(entries) => entries.iter().any(|entry| is_service(&entry.node)),
        Value::Array(items) => items.iter().any(is_service),
        _ => false,
    })
}

fn is_service(node: &Node) -> bool {
    node.entries()
        .iter()
        .any(|entry| SERVICE_KEYS.iter().any(|key| entry.key.eq_ignore_ascii_case(key)))
}

fn is_request(root: &Node) -> bool {
    root.get("request").is_some_and(|request| {
        root.entries().len() == 1
            || request
                .entries()
                .iter()
                .any(|entry| REQUEST_KEYS.iter().any(|key| entry.key.eq_ignore_ascii_case(key)))
    })
}

fn text_entry(pos: Pos, key: &str, text: &str) -> Entry {
    Entry { key: key.into(), pos, node: Node::string(pos, text) }
}
