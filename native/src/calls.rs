//! Refuses rules that lead to each other in a way that the interpreter would not survive.
//!
//! Measured on regorus 0.14.1: a function that calls itself overflows the stack, and so does a long
//! chain of rules. Rules in a circle are reported by the interpreter itself.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Literal, Module, Query, Rule, RuleBody, RuleHead};

use crate::graph::Graph;

/// Rules and the depth of their expressions, along the longest way through them.
const MAX_PATH: usize = 5000;
/// Parts of a path that are told apart; the rest counts as any.
const MAX_PARTS: usize = 32;

/// Why these modules cannot be evaluated.
pub fn too_far<'a>(modules: impl Iterator<Item = &'a Module> + Clone) -> Option<String> {
    let mut calls = Calls::default();
    for module in modules.clone() {
        calls.scope = Scope::of(module);
        module.policy.iter().for_each(|rule| calls.head(rule.as_ref()));
    }
    for module in modules {
        calls.scope = Scope::of(module);
        module.policy.iter().for_each(|rule| calls.rule(rule.as_ref()));
    }
    if let Some(group) = calls.functions.groups().into_iter().find(|group| group.is_cycle) {
        return Some(format!(
            "the function {} calls itself: Rego does not permit recursion",
            group.name
        ));
    }
    let group = calls.rules.groups().into_iter().find(|group| group.path > MAX_PATH)?;
    Some(format!("{} leads to too many other rules, one after the other", group.name))
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

    /// The full path of a reference, up to its first part that is not constant.
    fn prefix(&self, refr: &Expr) -> Option<String> {
        let mut parts = Chain::of(refr).constant()?;
        parts.truncate(MAX_PARTS);
        self.full(&parts)
    }

    /// The full path of a reference that is constant.
    fn resolve(&self, refr: &Expr) -> Option<String> {
        self.full(&path(refr)?)
    }

    fn full(&self, parts: &[String]) -> Option<String> {
        let (root, rest) = parts.split_first()?;
        let base = match self.imports.get(root) {
            _ if root == "data" => root.clone(),
            Some(target) => target.clone(),
            None => format!("{}.{root}", self.package),
        };
        Some(
            std::iter::once(base.as_str())
                .chain(rest.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join("."),
        )
    }
}

/// A reference such as `data.a[x].b`: where it starts, and what follows.
struct Chain<'a> {
    base: &'a Expr,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Constant(String),
    Other(&'a Expr),
}

impl<'a> Chain<'a> {
    fn of(refr: &'a Expr) -> Self {
        let mut parts = Vec::new();
        let mut base = refr;
        loop {
            let (next, part) = match base {
                Expr::RefDot { refr, field, .. } => (refr, text(&field.1).map(Part::Constant)),
                Expr::RefBrack { refr, index, .. } => {
                    let constant = match index.as_ref() {
                        Expr::String { value, .. } => text(value).map(Part::Constant),
                        _ => None,
                    };
                    (refr, constant.or_else(|| Some(Part::Other(index.as_ref()))))
                }
                _ => break,
            };
            parts.extend(part);
            base = next;
        }
        parts.reverse();
        Self { base, parts }
    }

    /// The name that it starts with, and the constant parts that follow; `None` for other values.
    fn constant(&self) -> Option<Vec<String>> {
        let Expr::Var { value, .. } = self.base else { return None };
        let constant = self.parts.iter().map_while(|part| match part {
            Part::Constant(part) => Some(part.clone()),
            Part::Other(_) => None,
        });
        Some(std::iter::once(text(value)?).chain(constant).collect())
    }
}

/// The parts of a reference such as `data.a["b"].c`; `None` when it is not constant.
fn path(refr: &Expr) -> Option<Vec<String>> {
    let chain = Chain::of(refr);
    let parts = chain.constant()?;
    (parts.len() == chain.parts.len() + 1).then_some(parts)
}

fn text(value: &regorus::Value) -> Option<String> {
    value.as_string().ok().map(|text| text.to_string())
}

/// Collects which function calls which, and which rule needs which. Replacing one function by
/// another with `with` counts as a call from the first to the second.
#[derive(Default)]
struct Calls {
    functions: Graph,
    rules: Graph,
    scope: Scope,
    function: Option<usize>,
    rule: Option<usize>,
    depth: usize,
    deepest: usize,
}

/// Stands for all rules below a path.
fn all(path: &str) -> String {
    format!("{path}.*")
}

impl Calls {
    fn head(&mut self, rule: &Rule) {
        let Some(name) = self.scope.prefix(head(rule)) else { return };
        let mut below = self.rules.node(&name);
        let mut path = name.as_str();
        loop {
            let known = self.rules.id(&all(path)).is_some();
            let above = self.rules.node(&all(path));
            self.rules.lead(above, below);
            if known {
                return;
            }
            let Some((shorter, _)) = path.rsplit_once('.') else { return };
            (path, below) = (shorter, above);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let name = self.scope.prefix(head(rule));
        self.rule = name.as_ref().map(|name| self.rules.node(name));
        self.function = None;
        self.deepest = 0;
        match rule {
            Rule::Spec { head, bodies, .. } => {
                match head {
                    RuleHead::Func { refr, args, assign, .. } => {
                        let name = self.scope.resolve(refr);
                        self.function = name.map(|name| self.functions.node(&name));
                        self.exprs(args.iter().map(AsRef::as_ref));
                        self.exprs(assign.iter().map(|assign| assign.value.as_ref()));
                    }
                    RuleHead::Compr { refr, assign, .. } => {
                        self.parts(refr);
                        self.exprs(assign.iter().map(|assign| assign.value.as_ref()));
                    }
                    RuleHead::Set { refr, key, .. } => {
                        self.parts(refr);
                        self.exprs(key.iter().map(AsRef::as_ref));
                    }
                }
                bodies.iter().for_each(|body| self.body(body));
            }
            Rule::Default { value, .. } => self.expr(value),
        }
        if let Some(rule) = self.rule {
            self.rules.weigh(rule, self.deepest + 1);
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
                    let (from_id, to_id) = (self.functions.node(&from), self.functions.node(&to));
                    self.functions.lead(from_id, to_id);
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
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        self.inside(expr);
        self.depth -= 1;
    }

    fn inside(&mut self, expr: &Expr) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
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
                if let (Some(caller), Some(callee)) = (self.function, self.scope.resolve(fcn)) {
                    let callee = self.functions.node(&callee);
                    self.functions.lead(caller, callee);
                }
                self.expr(fcn);
                self.exprs(params.iter().map(AsRef::as_ref));
            }
            Expr::UnaryExpr { expr, .. } => self.expr(expr),
            Expr::Var { .. } => self.refer(expr),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.refer(expr);
                self.parts(expr);
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

    /// What a reference is computed from.
    fn parts(&mut self, refr: &Expr) {
        let chain = Chain::of(refr);
        if !matches!(chain.base, Expr::Var { .. }) {
            self.expr(chain.base);
        }
        for part in chain.parts {
            if let Part::Other(index) = part {
                self.expr(index);
            }
        }
    }

    /// The rule needs what a reference stands for: the rules below it, or the one that it is in.
    fn refer(&mut self, refr: &Expr) {
        let (Some(rule), Some(name)) = (self.rule, self.scope.prefix(refr)) else { return };
        if let Some(below) = self.rules.id(&all(&name)) {
            self.rules.lead(rule, below);
        }
        let mut path = name.as_str();
        while let Some((shorter, _)) = path.rsplit_once('.') {
            if let Some(above) = self.rules.id(shorter) {
                self.rules.lead(rule, above);
            }
            path = shorter;
        }
    }
}

/// What a rule defines.
fn head(rule: &Rule) -> &Expr {
    match rule {
        Rule::Spec { head: RuleHead::Func { refr, .. }, .. }
        | Rule::Spec { head: RuleHead::Compr { refr, .. }, .. }
        | Rule::Spec { head: RuleHead::Set { refr, .. }, .. }
        | Rule::Default { refr, .. } => refr,
    }
}
