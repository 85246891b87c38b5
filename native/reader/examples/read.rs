//! Reads files and prints what was read: a tool for whoever works on the reader.

use policylib_reader::{read, to_json, Limits};

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let started = std::time::Instant::now();
    let (mut bytes, mut documents, mut problems) = (0, 0, 0);
    let quiet = paths.len() > 20;
    for path in &paths {
        let Ok(content) = std::fs::read(path) else { continue };
        bytes += content.len();
        for result in read(path, &content, &Limits::default()) {
            match result {
                Ok(document) => {
                    documents += 1;
                    if !quiet {
                        let mut out = String::new();
                        to_json(&document.root, &mut out);
                        println!(
                            "{path}#{}: {:?} {:?} {out}",
                            document.index, document.kind, document.source
                        );
                    }
                }
                Err(problem) => {
                    problems += 1;
                    println!("{path}: {problem:?}");
                }
            }
        }
    }
    eprintln!("{documents} documents, {problems} problems, {bytes} bytes, {:?}", started.elapsed());
}
