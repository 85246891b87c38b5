//! The one reader of policylib: Kubernetes YAML and JSON, strict, every value with its place.
//!
//! [`discover`] finds files, [`read`] turns the bytes of one file into documents, [`place`] finds
//! the line of a JSON pointer and [`to_json`] writes a document for an engine. A document is typed
//! as the Kubernetes API server types it (YAML 1.1 through the Go library `sigs.k8s.io/yaml`), or
//! refused with a [`Problem`]; it is never read differently and never dropped in silence.

#![forbid(unsafe_code)]

mod budget;
mod charts;
mod classify;
mod discover;
mod gotext;
mod json;
mod mapping;
mod node;
mod output;
mod pointer;
mod problem;
mod read;
mod resolve;
mod split;
mod template;
mod worktree;
mod yaml;

pub use classify::{is_values_name, Kind};
pub use discover::{discover, DiscoverOptions, Discovery, PathProblem};
pub use node::{Entry, Node, Pos, Value};
pub use output::to_json;
pub use pointer::{find, place};
pub use problem::Problem;
pub use read::{read, read_file, Document, Limits};
