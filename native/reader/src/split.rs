//! A file into chunks, at the lines that separate documents for kubectl.

/// A run of lines between two separators.
pub(crate) struct Chunk<'a> {
    pub bytes: &'a [u8],
    /// The 1-based line of the file on which the chunk starts.
    pub line: u32,
    /// Whether the separator above it follows another separator, JSON or nothing: kubectl then sees
    /// the separator as a part of the document.
    pub marked: bool,
}

/// Cuts at each line that starts with `---` followed by nothing but space or a comment. Chunks of
/// directives (`%YAML 1.2`) and comments belong to the chunk after them.
pub(crate) fn split(bytes: &[u8]) -> Vec<Chunk<'_>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut marked = false;
    let mut start_line = 1u32;
    let mut line_start = 0;
    let mut line = 1u32;
    while line_start < bytes.len() {
        let rest = bytes.get(line_start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        let next = line_start + length;
        let whole = rest.get(..length).unwrap_or_default();
        if is_separator(whole) {
            let chunk = bytes.get(start..line_start).unwrap_or_default();
            if !is_prologue(chunk) {
                chunks.push(Chunk { bytes: chunk, line: start_line, marked });
                marked = matches!(chunk.trim_ascii_start().first(), None | Some(b'{'));
                let hidden = inner_break(whole);
                start = hidden.map_or(next, |at| line_start + at);
                start_line = if hidden.is_some() { line } else { line.saturating_add(1) };
            }
        }
        line = line.saturating_add(1);
        line_start = next;
    }
    chunks.push(Chunk { bytes: bytes.get(start..).unwrap_or_default(), line: start_line, marked });
    chunks
}

fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"---") else { return false };
    if matches!(rest, b"" | b"\n" | b"\r\n") {
        return true;
    }
    // What counts as space is Unicode's, as in Go.
    std::str::from_utf8(rest).is_ok_and(|rest| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with('#')
    })
}

/// Where the first break in a separator's comment stands, of those that end a line for YAML and not
/// for kubectl. What follows it is content.
fn inner_break(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    text.find(['\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Directives, with nothing but comments around them.
fn is_prologue(chunk: &[u8]) -> bool {
    let mut directive = false;
    for line in chunk.split(|byte| *byte == b'\n') {
        match line.first() {
            Some(b'%') => directive = true,
            _ => match line.trim_ascii_start().first() {
                None | Some(b'#') => (),
                Some(_) => return false,
            },
        }
    }
    directive
}
