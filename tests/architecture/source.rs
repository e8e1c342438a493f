//! Reads a source file far enough to know every path it names: comments, strings and test code
//! are taken out, `use` trees are opened, `super` and `self` are resolved.

use std::path::{Path, PathBuf};

/// A file of `src/`.
pub struct File {
    /// From `src/` on.
    pub path: PathBuf,
    /// Lines, with everything.
    pub lines: usize,
    /// Every path in its code as segments, with its line. `crate` stands first where it is ours.
    pub paths: Vec<(usize, Vec<String>)>,
    /// Names of macros that are called.
    pub macros: Vec<(usize, String)>,
    /// Lines with the keyword.
    pub unsafes: Vec<usize>,
    /// Files that only tests compile: `#[cfg(test)] mod name;`, as paths from `src/` on.
    pub test_files: Vec<PathBuf>,
}

impl File {
    /// Reads `text` as the file at `path`.
    pub fn new(path: PathBuf, text: &str) -> Self {
        let tokens = tokens(&blank(text));
        let (tokens, test_modules) = without_tests(&tokens);
        let module = module_of(&path);
        let mut file = Self {
            lines: text.lines().count(),
            paths: Vec::new(),
            macros: Vec::new(),
            unsafes: Vec::new(),
            test_files: test_modules.iter().flat_map(|name| files_of(&module, name)).collect(),
            path,
        };
        file.read(&tokens, &module);
        file
    }

    fn read(&mut self, tokens: &[Token], module: &[String]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let follows = |text: &str| tokens.get(at + 1).is_some_and(|next| next.text == text);
            match token.text.as_str() {
                // `use<'a>` after a type is no import: it says what an `impl Trait` holds.
                "use" if !follows("<") => {
                    let mut found = Vec::new();
                    at = use_tree(tokens, at + 1, &[], &mut found);
                    self.paths.extend(found.into_iter().map(|(line, path)| (line, resolve(&path, module))));
                    continue;
                }
                "extern" if follows("crate") => {
                    if let Some(name) = tokens.get(at + 2) {
                        self.paths.push((name.line, vec![name.text.clone()]));
                    }
                    at += 3;
                    continue;
                }
                "unsafe" => self.unsafes.push(token.line),
                text if is_name(text) && follows("!") => self.macros.push((token.line, text.to_owned())),
                text if is_name(text) && follows("::") => {
                    let mut path = vec![text.to_owned()];
                    while tokens.get(at + 1).is_some_and(|next| next.text == "::")
                        && tokens.get(at + 2).is_some_and(|next| is_name(&next.text))
                    {
                        path.push(tokens[at + 2].text.clone());
                        at += 2;
                    }
                    self.paths.push((token.line, resolve(&path, module)));
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// The top module that a file belongs to.
pub fn room_of(path: &Path) -> String {
    let first = path.iter().next().unwrap_or_default().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// `view/deep/er.rs` → view, deep, er; `lib.rs` and `main.rs` are the root.
fn module_of(path: &Path) -> Vec<String> {
    let mut module: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("lib" | "main" | "mod")) {
        module.pop();
    }
    module
}

/// Where `mod name;` of this module may lie.
fn files_of(module: &[String], name: &str) -> [PathBuf; 2] {
    let folder: PathBuf = module.iter().collect();
    [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")]
}

/// Absolute: `crate` first for our own, as it is for others. The binary names the library by name.
fn resolve(path: &[String], module: &[String]) -> Vec<String> {
    let mut base: Vec<String> = module.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate" | "plantao") => base.clear(),
        Some("self") => {}
        Some("super") => {
            while rest.first().is_some_and(|first| first == "super") {
                base.pop();
                rest = &rest[1..];
            }
            return [&["crate".to_owned()][..], &base, rest].concat();
        }
        _ => return path.to_vec(),
    }
    rest = &rest[1..];
    [&["crate".to_owned()][..], &base, rest].concat()
}

/// Opens one `use` tree from `at` on; gives where it ends.
fn use_tree(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let mut path = prefix.to_vec();
    let mut ended = false;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "::" => {}
            "as" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}" && token.text != ";") {
                    at = use_tree(tokens, at, &path, found);
                    if tokens.get(at).is_some_and(|token| token.text == ",") {
                        at += 1;
                    }
                }
                ended = true;
            }
            "," | "}" | ";" => break,
            // `{self}` is what stands before the brace.
            "self" if !path.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    if !ended {
        let line = tokens.get(at).or(tokens.last()).map_or(0, |token| token.line);
        found.push((line, path));
    }
    at
}

struct Token {
    text: String,
    line: usize,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<Token> {
    let mut out = Vec::new();
    for (at, text) in code.lines().enumerate() {
        let line = at + 1;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (token, after) = rest.split_at(length);
            if !first.is_whitespace() {
                out.push(Token { text: token.to_owned(), line });
            }
            rest = after;
        }
    }
    out
}

/// Takes out every item under `#[cfg(test)]`; gives the names of modules that lie in other files.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut modules = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let marked = tokens.len() >= at + MARK.len()
            && tokens[at..].iter().zip(MARK).all(|(token, expected)| token.text == expected);
        if !marked {
            kept.push(Token { text: tokens[at].text.clone(), line: tokens[at].line });
            at += 1;
            continue;
        }
        at += MARK.len();
        // The item ends at its first `;` outside of braces, or where its braces close.
        let start = at;
        let mut depth = 0_usize;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    // `use a::{b};` goes on to its semicolon.
                    if depth == 0 && tokens.get(at).is_none_or(|next| next.text != ";") {
                        break;
                    }
                }
                ";" if depth == 0 => break,
                _ => {}
            }
        }
        let item: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
        if let [.., "mod", name, ";"] = item.as_slice() {
            modules.push((*name).to_owned());
        }
    }
    (kept, modules)
}

/// The text with comments, strings and character literals blanked out, line by line the same.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        if end > at {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that starts at `at` ends; `at` when none does.
fn literal_end(chars: &[char], at: usize) -> usize {
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let in_word = at > 0 && (get(at - 1).is_alphanumeric() || get(at - 1) == '_');
    match (get(at), get(at + 1)) {
        ('/', '/') => (at..chars.len()).find(|at| get(*at) == '\n').unwrap_or(chars.len()),
        ('/', '*') => {
            let (mut end, mut depth) = (at + 2, 1);
            while end < chars.len() && depth > 0 {
                match (get(end), get(end + 1)) {
                    ('/', '*') => (end, depth) = (end + 2, depth + 1),
                    ('*', '/') => (end, depth) = (end + 2, depth - 1),
                    _ => end += 1,
                }
            }
            end
        }
        ('"', _) => string_end(chars, at + 1),
        ('b' | 'c', '"') if !in_word => string_end(chars, at + 2),
        ('r', '"' | '#') if !in_word => raw_end(chars, at, at + 1),
        ('b' | 'c', 'r') if !in_word => raw_end(chars, at, at + 2),
        // A character, not a lifetime: its quote closes after one character or an escape.
        ('\'', '\\') => (at + 3..chars.len()).find(|at| get(*at) == '\'').map_or(chars.len(), |end| end + 1),
        ('\'', _) if get(at + 2) == '\'' => at + 3,
        _ => at,
    }
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of `r##"…"##` whose hashes start at `at`; `start` when it is no raw string.
fn raw_end(chars: &[char], start: usize, at: usize) -> usize {
    let hashes = chars[at.min(chars.len())..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return start;
    }
    let mut end = at + hashes + 1;
    while end < chars.len() {
        let closed = chars[end] == '"'
            && chars[end + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        if closed {
            return end + 1 + hashes;
        }
        end += 1;
    }
    chars.len()
}
