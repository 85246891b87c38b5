//! From the reader's values to the engine's.

use policylib_reader::{Node, Value as Read};
use regorus::Value;

/// The same value for the engine. A float without a fraction is an integer, as it is for every
/// consumer that gets the document as JSON written by Go.
pub fn to_engine(node: &Node) -> Value {
    match &node.value {
        Read::Null => Value::Null,
        Read::Bool(b) => Value::from(*b),
        Read::Int(n) => Value::from(*n),
        Read::UInt(n) => Value::from(*n),
        Read::Float(f) => float(*f),
        Read::String(text) => Value::from(text.as_ref()),
        Read::Array(items) => Value::from(items.iter().map(to_engine).collect::<Vec<_>>()),
        Read::Object(_) => {
            object(node.entries().iter().map(|e| (e.key.as_ref(), to_engine(&e.node))))
        }
    }
}

/// `{"review": {"object": …}}`: the one input shape of every rule.
pub fn review(object_node: &Node) -> Value {
    let review = object([("object", to_engine(object_node))]);
    object([("review", review)])
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::from(
        members
            .into_iter()
            .map(|(key, value)| (Value::from(key), value))
            .collect::<std::collections::BTreeMap<Value, Value>>(),
    )
}

fn float(f: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)]
    let whole = f as i64;
    #[allow(clippy::cast_precision_loss)]
    let exact = whole as f64 == f && f.abs() < 9_007_199_254_740_992.0;
    if exact {
        Value::from(whole)
    } else {
        Value::from(f)
    }
}
