//! What a document is taken for.

#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

mod common;

use common::{json, only, pos};
use policylib_reader::{is_values_name, place, Kind};

#[test]
fn documents_are_what_they_look_like() {
    let object = [
        "apiVersion: v1\nkind: Pod\n",
        "apiVersion: x/v1\nkind: Whatever\nfoo: bar\n",
        "kind: Pod\nspec: {containers: []}\n",
        "apiVersion: v1\nspec: {a: b}\n",
        "Kind: Pod\napiVersion: v1\nSpec: {a: b}\n",
        "spec: {containers: [{image: x}]}\n",
        "containers: [{image: x}]\n",
        "items: [{kind: Pod}]\n",
        "kind: 1\napiVersion: v1\ntemplate: {spec: {}}\n",
        "jobTemplate: {spec: {}}\n",
    ];
    for text in object {
        assert_eq!(only("x.yaml", text).kind, Kind::Object, "{text}");
    }
    let skipped = [
        "services: {web: {image: 'nginx:1'}}\n",
        "on: push\njobs: {a: {container: x, steps: [{uses: y}]}}\n",
        "text\n",
        "- a\n- b\n",
        "42\n",
        "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "a: 1\n",
        "spec: text\n",
        "image: python:3\nscript: [make]\n",
        "{}\n",
        "items: [a, b]\n",
    ];
    for text in skipped {
        assert!(matches!(only("x.yaml", text).kind, Kind::Skipped(_)), "{text}");
    }
    for text in ["image: {repository: x, tag: y}\n", "a: [{initImage: {digest: z}}]\n"] {
        assert_eq!(only("x.yaml", text).kind, Kind::HelmValues, "{text}");
    }
}

#[test]
fn names_of_values_files() {
    for name in [
        "values.yaml",
        "a/b/values.yml",
        "values.json",
        "values-prod.yaml",
        "prod-values.yaml",
        "values.prod.yaml",
        "prod.values.yaml",
        "values_x.yaml",
    ] {
        assert!(is_values_name(name), "{name}");
    }
    for name in [
        "values",
        "values.txt",
        "myvalues.yaml",
        "valuesx.yaml",
        "values.schema.json",
        "x.yaml",
        "-",
    ] {
        assert!(!is_values_name(name), "{name}");
    }
}

#[test]
fn values_are_wrapped_and_keep_their_places() {
    let document = only("chart/values-eu.yaml", "image:\n  repository: x\n  tag: '1'\n");
    assert_eq!(document.kind, Kind::HelmValues);
    let expected = "{\"apiVersion\":\"policylib.dev/v1\",\"kind\":\"HelmValues\",\"metadata\":{\"name\":\"chart/values-eu.yaml\"},\"values\":{\"image\":{\"repository\":\"x\",\"tag\":\"1\"}}}";
    assert_eq!(json(&document.root), expected);
    assert_eq!(place(&document.root, "/values/image/tag"), pos(3, 8));
    assert_eq!(place(&document.root, "/values/image/digest"), pos(1, 1));
    assert_eq!(only("values.yaml", "kind: DaemonSet\nimage: {tag: x}\n").kind, Kind::HelmValues);
    assert_eq!(only("values.yaml", "kind: Pod\napiVersion: v1\n").kind, Kind::Object);
}

#[test]
fn a_kustomization_is_known_by_its_name() {
    for name in ["kustomization.yaml", "a/kustomization.yml", "Kustomization"] {
        let document = only(name, "images: [{name: x, newTag: y}]\n");
        assert_eq!(document.kind, Kind::Completed("Kustomization"));
        let head = "{\"apiVersion\":\"kustomize.config.k8s.io/v1beta1\",\"kind\":\"Kustomization\",\"metadata\":";
        assert!(json(&document.root).starts_with(head));
        assert_eq!(place(&document.root, "/images/0/newTag"), pos(1, 28));
    }
    let own = only(
        "kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    );
    assert_eq!(own.kind, Kind::Object);
}

#[test]
fn catalogs_requests_and_plans_are_known_by_their_shape() {
    let cases = [
        ("x.yaml", "services: {web: {tier: gold}}\n", "ServiceCatalog"),
        ("x.yaml", "services: {web: null, api: {owner: a, image: b}}\nmore: 1\n", "ServiceCatalog"),
        ("a/service-catalog.yaml", "services: {}\n", "ServiceCatalog"),
        ("service_catalog.yml", "service: {}\n", "ServiceCatalog"),
        ("x.yaml", "request: {region: us-east-1, data_class: pii}\n", "TransferRequest"),
        ("x.yaml", "request: {Regions: [a]}\nmore: 1\n", "TransferRequest"),
        ("x.yaml", "request: null\n", "TransferRequest"),
        ("x.yaml", "services: {web: {tier: null}}\n", "ServiceCatalog"),
        ("x.yaml", "kind: null\nmetadata: ~\nrequest: {region: a}\n", "TransferRequest"),
        ("plan.json", "{\"format_version\": \"1.2\", \"planned_values\": {}}", "TerraformPlan"),
        ("plan.json", "{\"format_version\": \"1.2\", \"resource_changes\": []}", "TerraformPlan"),
        ("state.json", "{\"format_version\": \"1.0\", \"values\": {}}", "TerraformPlan"),
    ];
    for (name, text, kind) in cases {
        let document = only(name, text);
        assert_eq!(document.kind, Kind::Completed(kind), "{text}");
        let head = format!("{{\"apiVersion\":\"policylib.dev/v1\",\"kind\":\"{kind}\"");
        assert!(json(&document.root).starts_with(&head), "{text}");
    }
    assert_eq!(place(&only("x.yaml", cases[4].1).root, "/request/region"), pos(1, 19));
    let halves = [
        ("kind: servicecatalog\nservices: {web: {}}\n", "ServiceCatalog"),
        ("apiVersion: ''\nkind: ServiceCatalog\n", "ServiceCatalog"),
        ("kind: EgressEvent\nregion: x\n", "EgressEvent"),
        ("apiVersion: policylib.dev/v1\nservices: {web: {tier: gold}}\n", "ServiceCatalog"),
        ("apiVersion: policylib.dev/v2\nkind: ''\nrequest: {region: a}\n", "TransferRequest"),
        ("services: {web: {Tier: gold}}\n", "ServiceCatalog"),
        ("services: [x, {name: web, OnCall: a}]\n", "ServiceCatalog"),
    ];
    for (text, kind) in halves {
        let document = only("x.yaml", text);
        assert_eq!(document.kind, Kind::Completed(kind), "{text}");
        assert!(json(&document.root).contains("\"apiVersion\":\"policylib.dev/v"), "{text}");
    }
    for text in [
        "apiVersion: v1\nservices: {web: {tier: gold}}\n",
        "kind: Compose\nservices: {web: {tier: gold}}\n",
        "kind: 5\nservices: {web: {tier: gold}}\n",
        "services: tier\n",
        "services: [tier]\n",
    ] {
        assert!(matches!(only("x.yaml", text).kind, Kind::Skipped(_)), "{text}");
    }
    for text in ["services: {web: {ports: []}}\n", "request: {timeout: 5}\nretries: 2\n"] {
        assert!(matches!(only("x.yaml", text).kind, Kind::Skipped(_)), "{text}");
    }
    assert_eq!(only("values.yaml", "services: {web: {tier: gold}}\n").kind, Kind::HelmValues);
    assert_eq!(only("x.yaml", "apiVersion: v1\nkind: X\nrequest: null\n").kind, Kind::Object);
}
