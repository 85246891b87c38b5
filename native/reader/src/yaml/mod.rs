//! YAML 1.1 as `sigs.k8s.io/yaml` understands it: characters → tokens → events → values.
//!
//! The Go library is a descendant of libyaml, and so are the rules of the scanner and the parser
//! here: where a key may start, what a tab may do, how far a plain scalar reaches. They are written
//! over a borrowed text, so that most scalars cost no copy, and without recursion.

mod build;
mod cursor;
mod events;
mod scalars;
mod scanner;
mod tags;

pub(crate) use build::parse;
