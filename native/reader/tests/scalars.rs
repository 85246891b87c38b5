//! The types of YAML's scalars, as the API server has them.

#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

mod common;

use common::{json, only, problem};

#[test]
fn plain_scalars_have_the_types_of_yaml_1_1_in_go() {
    let table = [
        ("yes", "true"),
        ("Yes", "true"),
        ("y", "true"),
        ("on", "true"),
        ("TRUE", "true"),
        ("no", "false"),
        ("n", "false"),
        ("Off", "false"),
        ("yEs", "\"yEs\""),
        ("~", "null"),
        ("", "null"),
        ("Null", "null"),
        ("nUll", "\"nUll\""),
        ("0", "0"),
        ("-0", "0"),
        ("+1", "1"),
        ("1_000", "1000"),
        ("010", "8"),
        ("0o14", "12"),
        ("08", "8"),
        ("0x1F", "31"),
        ("-0x1F", "-31"),
        ("0b101", "5"),
        ("0b-1", "-1"),
        ("0xg", "\"0xg\""),
        ("_1", "\"_1\""),
        ("--1", "\"--1\""),
        ("9223372036854775807", "9223372036854775807"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "18446744073709552000"),
        ("1.0", "1"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1e21", "1e+21"),
        ("1e-7", "1e-7"),
        ("1e400", "\"1e400\""),
        (".1_0", "0.1"),
        ("._1", "\"._1\""),
        ("1.5.1", "\"1.5.1\""),
        ("12:30:45", "\"12:30:45\""),
        ("2001-01-01", "\"2001-01-01\""),
        ("<<", "\"<<\""),
        ("=", "\"=\""),
        ("nan", "\"nan\""),
        ("a:b", "\"a:b\""),
        ("a#b", "\"a#b\""),
        ("a # b", "\"a\""),
        ("nginx@sha256:0", "\"nginx@sha256:0\""),
    ];
    for (text, expected) in table {
        let document = only("x.yaml", &format!("k: {text}\n"));
        assert_eq!(json(&document.root), format!("{{\"k\":{expected}}}"), "{text}");
    }
}

#[test]
fn tags_and_quotes_decide_before_the_text_does() {
    let table = [
        ("'yes'", "\"yes\""),
        ("\"12\"", "\"12\""),
        ("!!str 12", "\"12\""),
        ("!!int '12'", "12"),
        ("!!float 1", "1"),
        ("!!float 0x10", "16"),
        ("!!bool 'no'", "false"),
        ("!!null ''", "null"),
        ("!!binary aGVsbG8=", "\"hello\""),
        ("!!timestamp 2001-01-01", "\"2001-01-01\""),
        ("!custom 12", "\"12\""),
        ("! 12", "\"12\""),
        ("!<tag:yaml.org,2002:int> 3", "3"),
        ("!!str", "\"\""),
        ("&a", "null"),
        ("!!map {a: b}", "{\"a\":\"b\"}"),
        ("'it''s'", "\"it's\""),
        ("\"\\x41\\u00e9\\U0001F600\"", "\"Aé😀\""),
        ("\"\\N\"", "\"\\u0085\""),
        ("\"a\\\n  b\"", "\"ab\""),
        ("'a\n  b\n\n  c'", "\"a b\\nc\""),
        ("|\n  a\n   b\n\n", "\"a\\n b\\n\""),
        ("|+\n  a\n", "\"a\\n\\n\""),
        ("|-\n  a\n", "\"a\""),
        (">\n  a\n  b\n\n  c\n", "\"a b\\nc\\n\""),
        ("|1\n  a\n", "\" a\\n\""),
    ];
    for (text, expected) in table {
        let document = only("x.yaml", &format!("k: {text}\n"));
        assert_eq!(json(&document.root), format!("{{\"k\":{expected}}}"), "{text}");
    }
}

#[test]
fn what_json_cannot_hold_is_refused() {
    let table = [
        (".inf", "infinity"),
        ("-.Inf", "infinity"),
        (".NaN", "infinity"),
        ("!!int x", "!!int does not fit"),
        ("!!float 18446744073709551615", "!!float does not fit"),
        ("!!null x", "!!null does not fit"),
        ("!!binary a", "base64"),
        ("!!binary /w==", "UTF-8"),
        ("\"\\ud83d\\ude00\"", "escape"),
        ("\"\\q\"", "escape"),
        ("a\u{0}b", "U+0000"),
        ("a\u{7f}b", "U+007F"),
        ("'a", "does not end"),
        ("@a", "can start with @"),
    ];
    for (text, expected) in table {
        let message = problem("x.yaml", &format!("k: {text}\n")).message;
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn keys_become_strings() {
    let table = [
        ("1", "1"),
        ("0x10", "16"),
        ("1.5", "1.5"),
        ("1.0", "1"),
        ("1e6", "1e+06"),
        ("yes", "true"),
        ("off", "false"),
        (".inf", ".inf"),
        ("-.INF", "-.inf"),
        ("2001-01-01", "2001-01-01"),
        ("'1'", "1"),
        ("!!str yes", "yes"),
        ("16777217.5", "1.6777218e+07"),
    ];
    for (text, expected) in table {
        let document = only("x.yaml", &format!("{text}: v\n"));
        assert_eq!(json(&document.root), format!("{{\"{expected}\":\"v\"}}"), "{text}");
    }
    for text in
        ["~", "null", "? [a]\n", "? {a: b}\n", "{a: b}", "[a]", "18446744073709551615", "!!null ''"]
    {
        problem("x.yaml", &format!("{text}: v\n"));
    }
}
