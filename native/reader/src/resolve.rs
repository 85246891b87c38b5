//! The type of a YAML scalar, as go-yaml v2 under `sigs.k8s.io/yaml` decides it.

use crate::gotext::{self, Number};
use crate::node::Value;

/// How a scalar was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Plain, or tagged `!`: the text decides the type.
    Open,
    /// Quoted or a block, without a tag: a string.
    Quoted,
}

const PREFIX: &str = "tag:yaml.org,2002:";

/// What a scalar means. `NotFinite` is a float that JSON cannot hold; it may be a key.
pub(crate) enum Resolved {
    Value(Value),
    NotFinite(f64),
}

/// The type of a scalar.
///
/// # Errors
/// The reason, when the tag does not allow the text.
pub(crate) fn resolve(tag: Option<&str>, style: Style, text: &str) -> Result<Resolved, String> {
    let Some(tag) = tag else {
        return Ok(match style {
            Style::Quoted => string(text),
            Style::Open => open(text),
        });
    };
    match tag.strip_prefix(PREFIX) {
        Some("binary") => binary(text),
        Some("bool") => wanted(open(text), tag, text, |value| matches!(value, Value::Bool(_))),
        Some("null") => wanted(open(text), tag, text, |value| matches!(value, Value::Null)),
        Some("int") => {
            let integer = |value: &Value| matches!(value, Value::Int(_) | Value::UInt(_));
            wanted(open(text), tag, text, integer)
        }
        Some("float") => as_float(text, tag),
        Some("timestamp") if !is_date(text) => Err(refusal(tag, text)),
        _ => Ok(string(text)),
    }
}

fn string(text: &str) -> Resolved {
    Resolved::Value(Value::String(text.into()))
}

fn refusal(tag: &str, text: &str) -> String {
    let short = tag.strip_prefix(PREFIX).unwrap_or(tag);
    let shown: String = text.chars().take(40).collect();
    format!("the tag !!{short} does not fit the text {shown:?}; remove the tag or correct the text")
}

fn wanted(
    found: Resolved,
    tag: &str,
    text: &str,
    fits: impl Fn(&Value) -> bool,
) -> Result<Resolved, String> {
    match found {
        Resolved::Value(value) if fits(&value) => Ok(Resolved::Value(value)),
        _ => Err(refusal(tag, text)),
    }
}

fn as_float(text: &str, tag: &str) -> Result<Resolved, String> {
    match open(text) {
        #[allow(clippy::cast_precision_loss)]
        Resolved::Value(Value::Int(number)) => Ok(Resolved::Value(Value::Float(number as f64))),
        Resolved::Value(Value::Float(number)) => Ok(Resolved::Value(Value::Float(number))),
        Resolved::NotFinite(number) => Ok(Resolved::NotFinite(number)),
        Resolved::Value(_) => Err(refusal(tag, text)),
    }
}

/// A scalar whose text decides.
fn open(text: &str) -> Resolved {
    let value = match text.as_bytes().first() {
        None => Some(Value::Null),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            word(text)
        }
        Some(b'.') => match not_finite(text) {
            Some(number) => return Resolved::NotFinite(number),
            None => gotext::point_float(text).map(Value::Float),
        },
        Some(b'+' | b'-' | b'0'..=b'9') => match not_finite(text) {
            Some(number) => return Resolved::NotFinite(number),
            None => number(text),
        },
        Some(_) => None,
    };
    value.map_or_else(|| string(text), Resolved::Value)
}

fn word(text: &str) -> Option<Value> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => None,
    }
}

fn not_finite(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn number(text: &str) -> Option<Value> {
    let stripped;
    let text = if text.contains('_') {
        stripped = text.replace('_', "");
        stripped.as_str()
    } else {
        text
    };
    let found = gotext::integer(text)
        .or_else(|| gotext::float(text).map(Number::Float))
        .or_else(|| gotext::binary(text))?;
    Some(match found {
        Number::Int(number) => Value::Int(number),
        Number::UInt(number) => Value::UInt(number),
        Number::Float(number) => Value::Float(number),
    })
}

/// Every date that go-yaml accepts starts like this; it stays a string.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().take(4).filter(|byte| byte.is_ascii_digit()).count() == 4
        && bytes.get(4) == Some(&b'-')
}

fn binary(text: &str) -> Result<Resolved, String> {
    let broken = "the !!binary value is not base64; correct it, or remove the tag";
    let bytes = base64(text).ok_or(broken)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        "the !!binary value is not UTF-8 text, which JSON cannot hold; remove the tag"
    })?;
    Ok(string(&text))
}

/// Standard base64 with padding; line breaks are ignored.
fn base64(text: &str) -> Option<Vec<u8>> {
    let clean: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !clean.len().is_multiple_of(4) {
        return None;
    }
    let padding = clean.iter().rev().take_while(|byte| **byte == b'=').count();
    if padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(clean.len() / 4 * 3);
    for group in clean.get(..clean.len() - padding)?.chunks(4) {
        let mut bits = 0u32;
        for byte in group {
            bits = bits << 6 | sextet(*byte)?;
        }
        bits <<= 6 * (4 - group.len());
        out.extend(bits.to_be_bytes().iter().skip(1).take(group.len() - 1));
    }
    Some(out)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
