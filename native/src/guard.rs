//! Refuses policies that the interpreter would not survive.
//!
//! Measured on regorus 0.14.1: parsing takes time exponential in the nesting of brackets, and a
//! function that calls itself overflows the stack, which no handler can catch. Rules that refer
//! to each other in a circle are reported by the interpreter itself.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Literal, Module, Query, Rule, RuleBody, RuleHead};

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

/// A function that can reach itself through calls.
pub fn recursive_function<'a>(modules: impl Iterator<Item = &'a Module>) -> Option<String> {
    let mut calls = Calls::default();
    for module in modules {
        calls.scope = Scope::of(module);
        for rule in &module.policy {
            calls.rule(rule);
        }
    }
    let graph = calls.graph;
    graph.keys().find(|name| reaches_itself(&graph, name)).cloned()
}

/// What a name means in one module.
#[derive(Default)]
struct Scope {
    package: String,
    imports: BTreeMap<String, String>,
}

impl Scope {
    fn of(module: &Module) -> Self {
        let imports = module.imports.iter().filter_map(|import| {
            let parts = path(&import.refr)?;
            let alias = import.r#as.as_ref().map(|span| span.text().to_owned());
            Some((alias.or_else(|| parts.last().cloned())?, parts.join(".")))
        });
        let package = path(&module.package.refr).unwrap_or_default().join(".");
        Self { package: format!("data.{package}"), imports: imports.collect() }
    }

    fn resolve(&self, refr: &Expr) -> Option<String> {
        let parts = path(refr)?;
        let (root, rest) = parts.split_first()?;
        let base = match self.imports.get(root) {
            _ if root == "data" => root.clone(),
            Some(target) => target.clone(),
            None => format!("{}.{root}", self.package),
        };
        Some(rest.iter().fold(base, |path, part| format!("{path}.{part}")))
    }
}

/// Collects which function calls which. Replacing one function by another with `with` counts as
/// a call from the first to the second.
#[derive(Default)]
struct Calls {
    graph: Graph,
    scope: Scope,
    caller: Option<String>,
}

impl Calls {
    fn rule(&mut self, rule: &Rule) {
        self.caller = None;
        match rule {
            Rule::Spec { head, bodies, .. } => {
                match head {
                    RuleHead::Func { refr, args, assign, .. } => {
                        self.caller = self.scope.resolve(refr);
                        self.exprs(args.iter().map(AsRef::as_ref));
                        self.exprs(assign.iter().map(|assign| assign.value.as_ref()));
                    }
                    RuleHead::Compr { assign, .. } => {
                        self.exprs(assign.iter().map(|assign| assign.value.as_ref()));
                    }
                    RuleHead::Set { key, .. } => self.exprs(key.iter().map(AsRef::as_ref)),
                }
                bodies.iter().for_each(|body| self.body(body));
            }
            Rule::Default { value, .. } => self.expr(value),
        }
    }

    fn body(&mut self, body: &RuleBody) {
        self.exprs(body.assign.iter().map(|assign| assign.value.as_ref()));
        self.query(&body.query);
    }

    fn query(&mut self, query: &Query) {
        for statement in &query.stmts {
            for with in &statement.with_mods {
                let replaced = self.scope.resolve(&with.refr);
                if let (Some(from), Some(to)) = (replaced, self.scope.resolve(&with.r#as)) {
                    self.graph.entry(from).or_default().insert(to);
                }
                self.expr(&with.r#as);
            }
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    self.exprs(key.iter().map(AsRef::as_ref));
                    self.expr(value);
                    self.expr(collection);
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expr(expr),
                Literal::Every { domain, query, .. } => {
                    self.expr(domain);
                    self.query(query);
                }
            }
        }
    }

    fn exprs<'a>(&mut self, exprs: impl Iterator<Item = &'a Expr>) {
        exprs.for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => {}
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                self.exprs(items.iter().map(AsRef::as_ref));
            }
            Expr::Object { fields, .. } => {
                self.exprs(
                    fields.iter().flat_map(|(_, key, value)| [key.as_ref(), value.as_ref()]),
                );
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expr(term);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expr(key);
                self.expr(value);
                self.query(query);
            }
            Expr::Call { fcn, params, .. } => {
                if let (Some(caller), Some(callee)) = (&self.caller, self.scope.resolve(fcn)) {
                    self.graph.entry(caller.clone()).or_default().insert(callee);
                }
                self.exprs(params.iter().map(AsRef::as_ref));
            }
            Expr::UnaryExpr { expr, .. } => self.expr(expr),
            Expr::RefDot { refr, .. } => self.expr(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.expr(refr);
                self.expr(index);
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                self.exprs(key.iter().map(AsRef::as_ref));
                self.expr(value);
                self.expr(collection);
            }
        }
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
fn path(refr: &Expr) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut node = refr;
    loop {
        let (next, part) = match node {
            Expr::Var { value, .. } => {
                parts.push(value.as_string().ok()?.to_string());
                parts.reverse();
                return Some(parts);
            }
            Expr::RefDot { refr, field, .. } => (refr, &field.1),
            Expr::RefBrack { refr, index, .. } => match index.as_ref() {
                Expr::String { value, .. } => (refr, value),
                _ => return None,
            },
            _ => return None,
        };
        parts.push(part.as_string().ok()?.to_string());
        node = next;
    }
}
