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
    let expected = "{\"apiVersion\":\"policylib.dev/v1\",\"kind\":\"HelmValues\",\"metadata\":{\"name\":\"values-eu\"},\"values\":{\"image\":{\"repository\":\"x\",\"tag\":\"1\"}}}";
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
        assert_eq!(document.kind, Kind::Kustomization);
        assert!(json(&document.root).starts_with("{\"apiVersion\":\"kustomize.config.k8s.io/v1beta1\",\"kind\":\"Kustomization\",\"images\""));
        assert_eq!(place(&document.root, "/images/0/newTag"), pos(1, 28));
    }
    let own = only(
        "kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    );
    assert_eq!(own.kind, Kind::Object);
}
