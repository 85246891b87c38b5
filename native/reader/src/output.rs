//! A document as JSON text.

use crate::node::{Node, Value};

/// Appends the compact JSON of a value.
///
/// Numbers are written as Go's `encoding/json` writes them (`1.0` is `1`, `1e21` is `1e+21`). What
/// a YAML reader could refuse or take for a line break (control characters, DEL, C1, the byte
/// order mark, U+2028, U+2029, non-characters) is escaped, so that the text means the same as
/// YAML 1.1 and 1.2.
pub fn to_json(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => push_display(*number, out),
        Value::UInt(number) => push_display(*number, out),
        Value::Float(number) => float(*number, out),
        Value::String(text) => string(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                to_json(item, out);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                string(&entry.key, out);
                out.push(':');
                to_json(&entry.node, out);
            }
            out.push('}');
        }
    }
}

fn push_display(number: impl std::fmt::Display, out: &mut String) {
    use std::fmt::Write;
    // Writing to a String cannot fail.
    let _ = write!(out, "{number}");
}

/// As Go: shortest digits, an exponent below 1e-6 and from 1e21 on, without padding zeros. The API
/// server reads the `-0` that Go writes as 0.
fn float(number: f64, out: &mut String) {
    let size = number.abs();
    if size == 0.0 {
        out.push('0');
    } else if !(1e-6..1e21).contains(&size) {
        let text = format!("{number:e}");
        match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                out.push_str(digits);
                out.push_str("e+");
                out.push_str(exponent);
            }
            _ => out.push_str(&text),
        }
    } else {
        push_display(number, out);
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        if !must_escape(character) {
            continue;
        }
        out.push_str(text.get(plain..at).unwrap_or_default());
        plain = at + character.len_utf8();
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

fn must_escape(character: char) -> bool {
    match character {
        '"' | '\\' => true,
        ' '..='~' => false,
        _ => matches!(
            character,
            '\0'..='\u{1f}'
                | '\u{7f}'..='\u{9f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{feff}'
                | '\u{fffe}'
                | '\u{ffff}'
        ),
    }
}
