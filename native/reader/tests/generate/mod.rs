//! Texts to read: soup of YAML's pieces, tables of scalars, and manifests with damage.

/// A small generator of random numbers (xorshift), so that a seed names a case for ever.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

pub fn cases(seed: u64, count: u64) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|index| match index % 8 {
            0 => scalar(&mut random),
            1 | 2 => soup(&mut random),
            3 => block(&mut random),
            4 => flow(&mut random),
            5 => json(&mut random),
            _ => damaged(&mut random),
        })
        .collect()
}

const SCALARS: &[&str] = &[
    "y",
    "Y",
    "yes",
    "Yes",
    "YES",
    "yEs",
    "n",
    "N",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "true",
    "True",
    "TRUE",
    "tRUE",
    "false",
    "False",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "nUll",
    "~",
    "~a",
    "",
    "0",
    "00",
    "-0",
    "+0",
    "1",
    "+1",
    "-1",
    "--1",
    "+-1",
    "01",
    "08",
    "09",
    "010",
    "-010",
    "0o14",
    "0O14",
    "0o18",
    "0x1F",
    "0X1f",
    "-0x1F",
    "+0x1F",
    "0x",
    "0xg",
    "0b101",
    "0B101",
    "-0b101",
    "+0b1",
    "0b",
    "0b2",
    "0b-1",
    "0b+1",
    "-0b-1",
    "0o",
    "0_1",
    "1_000",
    "1__0",
    "_1",
    "1_",
    "0x_1",
    "1_000.5",
    "._1",
    ".1_0",
    ".5_",
    ".5e1_0",
    ".5e_1",
    "1.",
    ".1",
    ".",
    "..",
    "...",
    "-.5",
    "+.5",
    "1.0",
    "1.5",
    "-1.5",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "1.e3",
    ".e3",
    "e3",
    "1e400",
    "-1e400",
    "1e-400",
    "1e",
    "1e+",
    "0e0",
    "-0.0",
    "0.0",
    "1.10",
    "100000000000000000000",
    "1e20",
    "1e21",
    "123456789.123456789",
    "0.000001",
    "0.0000001",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "+18446744073709551615",
    "0xFFFFFFFFFFFFFFFF",
    "0x10000000000000000",
    "0b1111111111111111111111111111111111111111111111111111111111111111",
    ".inf",
    ".Inf",
    ".INF",
    "-.inf",
    "+.inf",
    ".nan",
    ".NaN",
    ".NAN",
    "inf",
    "nan",
    "-.nan",
    "Infinity",
    ".infinity",
    "2001-01-01",
    "2001-1-1",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "12:30:45",
    "1:20",
    "190:20:30",
    "<<",
    "=",
    "!",
    "! 12",
    "! '12'",
    "!!str 12",
    "!!str yes",
    "!!int 12",
    "!!int '12'",
    "!!int 1.5",
    "!!int x",
    "!!float 1",
    "!!float 0x10",
    "!!float .inf",
    "!!float x",
    "!!float 18446744073709551615",
    "!!bool yes",
    "!!bool 'no'",
    "!!bool x",
    "!!null ''",
    "!!null x",
    "!!null",
    "!!str",
    "!!str ~",
    "!!binary aGVsbG8=",
    "!!binary aGVsbG8",
    "!!binary /w==",
    "!!binary 'aGVs bG8='",
    "!!timestamp 2001-01-01",
    "!!timestamp x",
    "!!merge <<",
    "!!set x",
    "!custom x",
    "!custom 12",
    "!<tag:yaml.org,2002:int> 3",
    "!<!foo> 3",
    "!e!x 1",
    "!!map {a: b}",
    "!!seq [a]",
    "!!str [a]",
    "!!int {a: b}",
    "'x'",
    "'it''s'",
    "\"x\"",
    "\"a\\tb\"",
    "\"\\x41\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\U0001F600\"",
    "\"\\/\"",
    "\"\\0\"",
    "\"\\e\\a\\b\\v\\f\\N\\_\\L\\P\"",
    "\"\\'\"",
    "\"a\\\n  b\"",
    "'a\n  b'",
    "\"a\n\n  b\"",
    "\"\\q\"",
    "'12'",
    "\"yes\"",
    "nginx:latest",
    "nginx@sha256:abc",
    "a b",
    "a:b",
    "a: b",
    "a #b",
    "a# b",
    "a,b",
    "a]b",
    "a}b",
    "a?b",
    "a-b",
    "- a",
    "-a",
    "?a",
    ":a",
    "? a",
    ": a",
    "@a",
    "`a`",
    "%a",
    "*a",
    "&a",
    "&a b",
    "&a !!int 1",
    "!!int &a 1",
    "|",
    ">",
    "| x",
    "{{ x }}",
    "{ {x: y} : z}",
    "é",
    "日本",
    "\u{1f600}",
    "a\u{85}b",
    "a\u{2028}b",
    "a\u{a0}b",
    "\u{feff}a",
    "a\u{7f}b",
    "a\u{0}b",
    "a\u{1}b",
    "a\tb",
    "\ta",
    "a\t",
    "a\t#b",
    "[]",
    "{}",
    "[a]",
    "[a, b]",
    "[a: b]",
    "[a, ]",
    "[, a]",
    "[a,, b]",
    "{a}",
    "{a, b}",
    "{a: }",
    "{a:b}",
    "{a: b, }",
    "{\"a\":b}",
    "{? a : b}",
    "{? a}",
    "[? a : b]",
    "{a: 'x', <<: {c: d}}",
    "{<<: [{a: b}, {a: c}]}",
    "{<<: x}",
    "[[a], {b: c}]",
    "{a: [b, {c: d}]}",
];

/// One scalar as a value, a key, an item.
fn scalar(random: &mut Random) -> Vec<u8> {
    let scalar = random.pick(SCALARS);
    let other = random.pick(SCALARS);
    match random.below(8) {
        0 => format!("{scalar}: 1\n"),
        1 => format!("- {scalar}\n- {other}\n"),
        2 => format!("{scalar}\n"),
        3 => format!("{{k: {scalar}, {other}: v}}\n"),
        4 => format!("a: &x {scalar}\nb: *x\n*x : {other}\n"),
        5 => format!("a: {scalar}\n<<: {{a: {other}, b: 2}}\n"),
        6 => {
            let digits: String = (0..1 + random.below(8))
                .map(|_| {
                    random.pick(&[
                        "0", "1", "7", "9", ".", "-", "+", "e", "E", "_", "x", "b", "o", "f", ":",
                    ])
                })
                .collect();
            format!("a: {digits}\n{digits}: b\n")
        }
        _ => format!("k: {scalar}\nl: {other}\n"),
    }
    .into_bytes()
}

const PIECES: &[&str] = &[
    "a",
    "b",
    "key",
    "1",
    "yes",
    "x y",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "?",
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n ",
    "\n- ",
    "\n  - ",
    "\n\t",
    "  ",
    " ",
    "\t",
    "#c",
    " # c",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "&x ",
    "*x",
    "*x ",
    "!",
    "!!str ",
    "!!int ",
    "!t ",
    "|\n",
    "|-\n  ",
    "|+\n  ",
    ">\n  ",
    ">-\n  ",
    "|2\n  ",
    "|1-\n ",
    "---",
    "---\n",
    "\n---\n",
    "--- # c\n",
    "---\t\n",
    "--- a\n",
    "---x\n",
    "...",
    "\n...\n",
    "%YAML 1.1\n",
    "%TAG ! tag:x,2000:\n",
    "%X\n",
    "<<: ",
    "<<",
    "\r\n",
    "\r",
    "é",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\\",
    "\\n",
    "\\x41",
    "{{ x }}",
    "~",
    "null",
    "@",
    "`",
    "%",
    "''",
    "\"\"",
    "k: v",
    "\nk: v",
    "\n  k: v",
    "a: b\n",
    "- a\n",
    "\n\n",
    "\n  \n",
];

fn soup(random: &mut Random) -> Vec<u8> {
    let count = 1 + random.below(14);
    (0..count).map(|_| random.pick(PIECES)).collect::<String>().into_bytes()
}

/// Lines at random indentation.
fn block(random: &mut Random) -> Vec<u8> {
    const LINES: &[&str] = &[
        "a: b",
        "b:",
        "c: |",
        "d: >-",
        "- x",
        "- y: z",
        "-",
        "- - q",
        "text",
        "more text here",
        "# comment",
        "",
        "  ",
        "? k",
        ": v",
        "\"q\": 'r'",
        "e: \"x",
        "y\"",
        "f: [a,",
        "b]",
        "g: {a: b,",
        "c: d}",
        "&n h: *n",
        "i: &n {a: 1}",
        "j: *n",
        "<<: *n",
        "<<: [*n, *n]",
        "k: !!str 1",
        "l: # c",
        "m: x # c",
        "n: x#c",
        "---",
        "...",
        "--- # c",
        "o : p",
        "q:r",
        "\ts: t",
        "u:\tv",
        "'w': x",
        "y: |2",
        "z: >+",
        "|",
        "aa: - b",
        "kind: Pod",
        "\u{feff}a: b",
        "*n : x",
        "-\ta",
        "1: one",
        "1.5: f",
        "true: t",
        "null: n",
        "~: n",
        "0x1: h",
        "? [a]",
        "- ? x",
        "  : y",
    ];
    let mut out = String::new();
    let mut indent = 0;
    for _ in 0..1 + random.below(10) {
        match random.below(6) {
            0 => indent += 2,
            1 => indent = random.below(5),
            2 => indent = 0,
            _ => (),
        }
        out.push_str(&" ".repeat(indent));
        out.push_str(random.pick(LINES));
        out.push_str(random.pick(&["\n", "\n", "\n", "\n", "\r\n", " \n", "\n\n", ""]));
    }
    out.into_bytes()
}

fn flow(random: &mut Random) -> Vec<u8> {
    let mut out = String::from(random.pick(&["", "a: ", "- ", "\n"]));
    nest(random, &mut out, 0);
    out.push_str(random.pick(&[
        "",
        "\n",
        " # c\n",
        "\n---\nb: c\n",
        "\n...\nb: c\n",
        "\n{\"c\": 1}",
        "x",
    ]));
    out.into_bytes()
}

fn nest(random: &mut Random, out: &mut String, depth: usize) {
    match random.below(if depth > 4 { 1 } else { 4 }) {
        0 => out.push_str(random.pick(SCALARS)),
        1 => {
            out.push('[');
            for _ in 0..random.below(4) {
                nest(random, out, depth + 1);
                out.push_str(random.pick(&[", ", ",", ",\n  ", " , ", "\n,"]));
            }
            out.push_str(random.pick(&["]", " ]", "\n]", "\n ]", ""]));
        }
        _ => {
            out.push('{');
            for _ in 0..random.below(4) {
                out.push_str(random.pick(&[
                    "a", "b", "c", "\"d\"", "'e'", "1", "? f", "<<", "true", "&x g", "*x ",
                ]));
                out.push_str(random.pick(&[": ", ":", " : ", ":\n ", ""]));
                nest(random, out, depth + 1);
                out.push_str(random.pick(&[", ", ",", ",\n  ", " , ", "\n,"]));
            }
            out.push_str(random.pick(&["}", " }", "\n}", "\n }", ""]));
        }
    }
}

fn json(random: &mut Random) -> Vec<u8> {
    const VALUES: &[&str] = &[
        "1",
        "-1",
        "0",
        "-0",
        "01",
        "1.0",
        "1.5e3",
        "1E+2",
        "1e400",
        "1.",
        ".5",
        "+1",
        "0x1",
        "12345678901234567890",
        "123456789012345678901234567890",
        "true",
        "false",
        "null",
        "yes",
        "NaN",
        "Infinity",
        "\"a\"",
        "\"\\u0041\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"\\/\"",
        "\"\\x41\"",
        "\"a\tb\"",
        "\"a\nb\"",
        "'a'",
        "\"\\n\"",
        "\"é\"",
        "\"\u{85}\u{2028}\u{7f}\"",
        "[]",
        "{}",
        "[1,2]",
        "[1,]",
        "[1 2]",
        "{\"a\":{\"b\":[{}]}}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1} // c",
        "/* c */ 1",
        "\"\\\"\"",
        "\"a: b\"",
        "\"# x\"",
        "\"{{ x }}\"",
    ];
    let mut out = String::new();
    for _ in 0..1 + random.below(3) {
        out.push_str(random.pick(&["", " ", "\n", "\t", "\u{feff}", "", ""]));
        out.push('{');
        let count = random.below(4);
        for index in 0..count {
            out.push_str(random.pick(&[
                "\"a\"",
                "\"b\"",
                "\"c\"",
                "\"\"",
                "\"1\"",
                "\"<<\"",
                "\"a\\u0062\"",
                "d",
            ]));
            out.push_str(random.pick(&[":", ": ", " : ", ":\n"]));
            out.push_str(random.pick(VALUES));
            if index + 1 < count {
                out.push_str(random.pick(&[",", ", ", ",\n  ", " ,\t"]));
            }
        }
        out.push('}');
        out.push_str(random.pick(&[
            "",
            "\n",
            "\n---\n",
            " ",
            "\n---\na: b\n---\n",
            "\n# c\n",
            "x",
            "\n...\n",
            "\r\n---\r\n",
            ",",
            "\na: b\n",
        ]));
    }
    out.into_bytes()
}

const MANIFESTS: &[&str] = &[
    "# Source: app/templates/deployment.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\n  labels: {app: app, tier: 'gold'}\n  annotations:\n    note: \"a: b # c\"\n    text: |\n      line one\n        line two\n\n      line three\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n      - name: app\n        image: \"ghcr.io/org/app@sha256:0123\"\n        args: [\"--port=8080\", --verbose, '--x=y']\n        command:\n          - /bin/sh\n          - -c\n          - |\n            echo hi\n            exec app\n        env:\n        - {name: A, value: \"1\"}\n        - name: B\n          value: >-\n            folded\n            text\n        resources:\n          limits: {cpu: 500m, memory: 1Gi}\n",
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  a.conf: |+\n    x = 1\n\n    y = 2\n\n  b: 'it''s'\n  c: \"tab\\tnew\\nline\"\n---\napiVersion: v1\nkind: List\nitems:\n- &base\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- <<: *base\n  metadata:\n    name: b\n---\n# only a comment\n---\nkind: Service\napiVersion: v1\nspec:\n  ports:\n  - port: 80\n    targetPort: http\n  clusterIP: None\n",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  names: {plural: xs, kind: X}\n  versions:\n  - name: v1\n    served: true\n    schema:\n      openAPIV3Schema:\n        description: 'Long text that goes\n          on over lines\n\n          and paragraphs: with colons'\n        properties:\n          y:\n            type: string\n            pattern: ^[a-z]+$\n            default: yes\n          n: {type: integer, maximum: 1e3, format: int32}\n        type: object\n",
    "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\",\n  \"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"b:1\", \"ports\": [{\"containerPort\": 80}]}]},\n  \"status\": null\n}\n",
    "apiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: crlf\r\n  annotations:\r\n    a: |\r\n      one\r\n      two\r\nspec:\r\n  containers:\r\n  - image: x\r\n---\r\napiVersion: v1\r\nkind: Pod\r\n",
];

/// A manifest with a few bytes or lines changed.
fn damaged(random: &mut Random) -> Vec<u8> {
    let mut out = random.pick(MANIFESTS).as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        if out.is_empty() {
            break;
        }
        let at = random.below(out.len());
        match random.below(7) {
            0 => {
                out.remove(at);
            }
            1 => {
                let bytes = b" \n\t:-#'\"[]{},&*!|>%@`~\r\0\x80\xff?ayn01";
                out[at] = bytes[random.below(bytes.len())];
            }
            2 | 3 => {
                let piece = random.pick(PIECES);
                out.splice(at..at, piece.bytes());
            }
            4 => {
                let end = (at + random.below(40)).min(out.len());
                out.drain(at..end);
            }
            5 => {
                let end = (at + random.below(60)).min(out.len());
                let copy = out[at..end].to_vec();
                let to = random.below(out.len());
                out.splice(to..to, copy);
            }
            _ => {
                let scalar = random.pick(SCALARS);
                out.splice(at..at, scalar.bytes());
            }
        }
    }
    out
}
