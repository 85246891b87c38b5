//! Refuses policies that the interpreter would not survive.
//!
//! Measured on regorus 0.14.1: parsing takes time exponential in the nesting of brackets, and a
//! function that calls itself overflows the stack, which no handler can catch. Rules that refer
//! to each other in a circle are reported by the interpreter itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// Nesting of `[`, `{` and `(` that still parses in about a second.
const MAX_NESTING: usize = 14;

/// The place where a policy nests deeper than [`MAX_NESTING`], as a 1-based line.
pub fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut line = 1_usize;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '#' => line += usize::from(chars.any(|c| c == '\n')),
            '"' => skip_string(&mut chars),
            '`' => line += chars.by_ref().take_while(|c| *c != '`').filter(|c| *c == '\n').count(),
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(line);
        }
    }
    None
}

fn skip_string(chars: &mut std::str::Chars<'_>) {
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            // An unterminated string ends with its line; the parser reports it.
            '"' | '\n' => return,
            _ => {}
        }
    }
}

type Graph = BTreeMap<String, BTreeSet<String>>;

/// A function that can reach itself through calls, from regorus' syntax trees.
pub fn recursive_function(trees: &Json) -> Option<String> {
    let mut graph = Graph::new();
    for tree in trees.as_array().into_iter().flatten() {
        let scope = Scope::of(tree);
        for rule in tree.pointer("/ast/rules").and_then(Json::as_array).into_iter().flatten() {
            let caller = rule.pointer("/Spec/head/Func/refr").map(|refr| scope.declare(refr));
            collect(rule, &scope, caller.as_deref(), &mut graph);
        }
    }
    graph.keys().find(|name| reaches_itself(&graph, name)).cloned()
}

/// What a name means in one module.
struct Scope {
    package: String,
    imports: BTreeMap<String, String>,
}

impl Scope {
    fn of(tree: &Json) -> Self {
        let package = tree.pointer("/ast/package/refr").and_then(path).unwrap_or_default();
        let source = tree.pointer("/source/contents").and_then(Json::as_str).unwrap_or_default();
        let imports = tree
            .pointer("/ast/imports")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(|import| {
                let parts = import.get("refr").and_then(path)?;
                let alias = import.get("as").and_then(|span| text(span, source));
                let name = alias.or_else(|| parts.last().cloned())?;
                Some((name, parts.join(".")))
            })
            .collect();
        Self { package: format!("data.{}", package.join(".")), imports }
    }

    fn declare(&self, refr: &Json) -> String {
        format!("{}.{}", self.package, path(refr).unwrap_or_default().join("."))
    }

    fn resolve(&self, refr: &Json) -> Option<String> {
        let parts = path(refr)?;
        let (root, rest) = parts.split_first()?;
        let base = match (root.as_str(), self.imports.get(root)) {
            ("data", _) => root.clone(),
            (_, Some(target)) => target.clone(),
            _ => format!("{}.{root}", self.package),
        };
        Some(rest.iter().fold(base, |path, part| format!("{path}.{part}")))
    }
}

/// Adds what `node` calls to `graph`. Replacing one function by another with `with` is a call
/// from the first to the second.
fn collect(node: &Json, scope: &Scope, caller: Option<&str>, graph: &mut Graph) {
    match node {
        Json::Array(items) => items.iter().for_each(|item| collect(item, scope, caller, graph)),
        Json::Object(fields) => {
            let callee = node.pointer("/Call/fcn").and_then(|refr| scope.resolve(refr));
            if let (Some(caller), Some(callee)) = (caller, callee) {
                graph.entry(caller.to_owned()).or_default().insert(callee);
            }
            if let (Some(replaced), Some(by)) = (fields.get("refr"), fields.get("as")) {
                if let (Some(replaced), Some(by)) = (scope.resolve(replaced), scope.resolve(by)) {
                    graph.entry(replaced).or_default().insert(by);
                }
            }
            fields.values().for_each(|value| collect(value, scope, caller, graph));
        }
        _ => {}
    }
}

fn reaches_itself(graph: &Graph, start: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(name) = open.pop() {
        for next in graph.get(name).into_iter().flatten() {
            if next == start {
                return true;
            }
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    false
}

/// The parts of a reference such as `data.a["b"].c`; `None` when it is not constant.
fn path(refr: &Json) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut node = refr;
    loop {
        if let Some(name) = node.pointer("/Var/value").and_then(Json::as_str) {
            parts.push(name.to_owned());
            parts.reverse();
            return Some(parts);
        }
        if let Some(dot) = node.get("RefDot") {
            parts.push(dot.pointer("/field/1").and_then(Json::as_str)?.to_owned());
            node = dot.get("refr")?;
        } else {
            let bracket = node.get("RefBrack")?;
            parts.push(bracket.pointer("/index/String/value").and_then(Json::as_str)?.to_owned());
            node = bracket.get("refr")?;
        }
    }
}

fn text(span: &Json, source: &str) -> Option<String> {
    let bound = |key| span.get(key).and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok());
    source.get(bound("start")?..bound("end")?).map(str::to_owned)
}
