//! Numbers as Go's `strconv` reads and writes them.

/// A number in YAML text, or `None` when the text is not a number.
pub(crate) enum Number {
    Int(i64),
    UInt(u64),
    Float(f64),
}

/// `strconv.ParseInt(text, 0, 64)`, else `strconv.ParseUint(text, 0, 64)`.
pub(crate) fn integer(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let signed = unsigned.len() != text.len();
    let (base, digits) = radix(unsigned)?;
    let magnitude = magnitude(digits, base)?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Number::Int);
    }
    match i64::try_from(magnitude) {
        Ok(number) => Some(Number::Int(number)),
        Err(_) if !signed => Some(Number::UInt(magnitude)),
        Err(_) => None,
    }
}

/// The base that a prefix names, and the digits after it. A lone leading 0 is octal.
fn radix(text: &str) -> Option<(u32, &str)> {
    let bytes = text.as_bytes();
    match (bytes.first()?, bytes.get(1).map(u8::to_ascii_lowercase)) {
        (b'0', Some(b'b')) if bytes.len() > 2 => Some((2, text.get(2..)?)),
        (b'0', Some(b'o')) if bytes.len() > 2 => Some((8, text.get(2..)?)),
        (b'0', Some(b'x')) if bytes.len() > 2 => Some((16, text.get(2..)?)),
        (b'0', None) => Some((10, text)),
        (b'0', _) => Some((8, text.get(1..)?)),
        _ => Some((10, text)),
    }
}

fn magnitude(digits: &str, base: u32) -> Option<u64> {
    // from_str_radix would take a sign here.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, base).ok()
}

/// What go-yaml tries after `strconv`: `0b` and `-0b` cut off, the rest in base 2, sign and all.
pub(crate) fn binary(text: &str) -> Option<Number> {
    if let Some(rest) = text.strip_prefix("0b") {
        return match i64::from_str_radix(rest, 2) {
            Ok(number) => Some(Number::Int(number)),
            Err(_) => magnitude(rest, 2).map(Number::UInt),
        };
    }
    let rest = text.strip_prefix("-0b")?;
    i64::from_str_radix(&format!("-{rest}"), 2).ok().map(Number::Int)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, finite.
pub(crate) fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if digits.is_empty() || !all_digits(digits) {
            return None;
        }
    }
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let shape = if whole.is_empty() { !fraction.is_empty() } else { all_digits(whole) };
    if !shape || !all_digits(fraction) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `strconv.ParseFloat` of a text that starts with a point: `_` may stand between digits.
pub(crate) fn point_float(text: &str) -> Option<f64> {
    if !text.contains('_') {
        return float(text);
    }
    let bytes = text.as_bytes();
    let between = |at: usize| {
        let digit =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        digit(at.checked_sub(1)) && digit(at.checked_add(1))
    };
    let fits = (0..bytes.len()).all(|at| bytes.get(at) != Some(&b'_') || between(at));
    if fits {
        float(&text.replace('_', ""))
    } else {
        None
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A float as the key of a mapping: `strconv.FormatFloat(number, 'g', -1, 32)`.
pub(crate) fn key(number: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    let number = number as f32;
    if number.is_nan() {
        return ".nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf".into() } else { "-.inf".into() };
    }
    let text = format!("{number:e}");
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}
