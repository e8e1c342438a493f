//! Theme files: layers of TOML, checked, merged and resolved.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier};

use super::colour::{ANSI, DEFAULT};
use super::look::{Look, Paint};
use super::{PLAIN_TERMINAL, ROLES, Rgb, Role};
use crate::document::{Document, Layer, Problem, Problems, Section, Value, did_you_mean};
use crate::text;
use crate::text::theme::ThemeText;

const WORDS: &ThemeText = text::EN.theme;

const MODIFIERS: &[(&str, Modifier)] = &[
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// What the layers say.
pub(super) struct Draft {
    /// A look for every role, in their order.
    pub(super) looks: [Look; ROLES],
    /// The terminal's foreground and background that the theme is made for.
    pub(super) terminal: (Rgb, Rgb),
}

/// A colour as written.
#[derive(Clone, Debug)]
enum Raw {
    Exact(Color),
    Name(String),
}

/// Where a colour stands.
#[derive(Clone, Debug)]
struct Place {
    layer: usize,
    span: Range<usize>,
}

/// A colour that is still a name, and where.
type Colour = (Raw, Place);

struct Entry {
    colour: Colour,
    ansi16: Option<Color>,
}

#[derive(Default)]
struct Style {
    fg: Option<Colour>,
    bg: Option<Colour>,
    add: Modifier,
    remove: Modifier,
}

#[derive(Default)]
struct Merged {
    palette: BTreeMap<String, Entry>,
    styles: BTreeMap<String, Style>,
    foreground: Option<Rgb>,
    background: Option<Rgb>,
}

/// The theme that the layers make, the most general first, and everything that is wrong with them.
/// Where the chain is not whole, names of colours may be missing through no fault of these layers
/// and are not looked up.
pub(super) fn read(layers: &[Layer], whole: bool) -> (Draft, Vec<Problem>) {
    let mut problems: Vec<Problems> =
        layers.iter().map(|layer| Problems::new(&layer.file, &layer.text)).collect();
    let mut merged = Merged::default();
    for (at, (layer, problems)) in layers.iter().zip(&mut problems).enumerate() {
        read_layer(layer, at, &mut merged, problems);
    }
    let mut looks = [Look::default(); ROLES];
    if whole {
        let styles = resolve(&merged, &mut problems);
        for (look, role) in looks.iter_mut().zip(Role::ALL) {
            *look = fallback(*role).find_map(|name| styles.get(name)).copied().unwrap_or_default();
        }
    }
    let terminal =
        (merged.foreground.unwrap_or(PLAIN_TERMINAL.0), merged.background.unwrap_or(PLAIN_TERMINAL.1));
    (Draft { looks, terminal }, problems.into_iter().flat_map(Problems::into_list).collect())
}

/// The names under which a role's style is looked for: itself, its group, `text`.
fn fallback(role: Role) -> impl Iterator<Item = &'static str> {
    [role.name(), group(role.name()), Role::Text.name()].into_iter()
}

fn group(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn is_style_name(name: &str) -> bool {
    Role::ALL.iter().any(|role| role.name() == name || group(role.name()) == name)
}

fn read_layer(layer: &Layer, at: usize, merged: &mut Merged, problems: &mut Problems) {
    let Some(document) = Document::parse(&layer.text, problems) else { return };
    let root = document.root();
    root.value("inherits"); // read when the layers were found
    if let Some(section) = root.section("terminal", problems) {
        merged.foreground = rgb(&section, "foreground", problems).or(merged.foreground);
        merged.background = rgb(&section, "background", problems).or(merged.background);
        section.finish(problems);
    }
    if let Some(section) = root.section("palette", problems) {
        for (name, _, value) in section.entries() {
            if let Some(entry) = entry(&value, at, problems) {
                merged.palette.insert(name, entry);
            }
        }
    }
    if let Some(section) = root.section("styles", problems) {
        for (name, span, value) in section.entries() {
            let style = style(&name, &value, at, problems);
            if !is_style_name(&name) {
                let names = Role::ALL.iter().map(|role| role.name());
                let help = did_you_mean(&name, names)
                    .map_or_else(|| WORDS.role_list.to_owned(), |near| (WORDS.did_you_mean)(near));
                problems.push(span, (WORDS.unknown_role)(&name), Some(help));
            } else if let Some(style) = style {
                merged.styles.insert(name, style);
            }
        }
    }
    root.finish(problems);
}

fn rgb(section: &Section<'_, '_>, key: &str, problems: &mut Problems) -> Option<Rgb> {
    let value = section.value(key)?;
    let text = value.string(problems)?;
    let colour = Rgb::parse(&text);
    if colour.is_none() {
        value.problem(&(WORDS.not_rgb)(&text), None, problems);
    }
    colour
}

/// A colour of the palette: alone, or `{ value = …, ansi16 = … }`.
fn entry(value: &Value<'_, '_>, at: usize, problems: &mut Problems) -> Option<Entry> {
    if value.value.as_table().is_none() {
        return Some(Entry { colour: colour(value, at, problems)?, ansi16: None });
    }
    let section = value.section(problems)?;
    let full = section.required("value", problems);
    let ansi16 = section.value("ansi16").and_then(|value| {
        let name = value.string(problems)?;
        let known = ansi(&name);
        if known.is_none() {
            let near = did_you_mean(&name, ANSI.iter().map(|(name, ..)| *name));
            let help = near.map(WORDS.did_you_mean);
            value.problem(&(WORDS.not_ansi16)(&name), help, problems);
        }
        known
    });
    section.finish(problems);
    Some(Entry { colour: colour(&full?, at, problems)?, ansi16 })
}

/// A colour where it is used: text or a number.
fn colour(value: &Value<'_, '_>, layer: usize, problems: &mut Problems) -> Option<Colour> {
    let place = Place { layer, span: value.span.clone() };
    if value.value.as_integer().is_some() {
        let number = value.integer(problems)?;
        let Ok(number) = u8::try_from(number) else {
            value.problem(WORDS.colour_number, None, problems);
            return None;
        };
        // The first sixteen are the named ones: by number they can be meant where [palette] hides a name.
        let named = ANSI.get(usize::from(number)).map(|(_, color, _)| *color);
        return Some((Raw::Exact(named.unwrap_or(Color::Indexed(number))), place));
    }
    let text = value.string(problems)?;
    if let Some(Rgb { r, g, b }) = Rgb::parse(&text) {
        return Some((Raw::Exact(Color::Rgb(r, g, b)), place));
    }
    if text.starts_with('#') {
        value.problem(&(WORDS.not_rgb)(&text), None, problems);
        return None;
    }
    Some((Raw::Name(text), place))
}

/// A style: a foreground alone, or a table.
fn style(name: &str, value: &Value<'_, '_>, at: usize, problems: &mut Problems) -> Option<Style> {
    if value.value.as_table().is_none() {
        return Some(Style { fg: Some(colour(value, at, problems)?), ..Style::default() });
    }
    let section = value.section(problems)?;
    let mut style = Style::default();
    for (key, span, value) in section.entries() {
        let dotted = format!("{name}.{key}");
        let modifier = MODIFIERS.iter().find(|(word, _)| *word == key);
        // `text.dim = "grey"` without quotes is a table `text` with a key `dim`, for TOML.
        let meant_role = is_style_name(&dotted) && value.value.as_bool().is_none();
        match (key.as_str(), modifier) {
            _ if meant_role => {
                problems.push(span, (WORDS.unknown_role)(name), Some((WORDS.quote_role)(&dotted)));
            }
            ("fg", _) => style.fg = colour(&value, at, problems),
            ("bg", _) => style.bg = colour(&value, at, problems),
            (_, Some((_, modifier))) => match value.bool(problems) {
                Some(true) => style.add |= *modifier,
                Some(false) => style.remove |= *modifier,
                None => {}
            },
            _ => {
                let known = MODIFIERS.iter().map(|(word, _)| *word).chain(["fg", "bg"]);
                let list = known.clone().collect::<Vec<_>>().join(", ");
                let help = did_you_mean(&key, known)
                    .map_or_else(|| format!("known here: {list}"), |near| (WORDS.did_you_mean)(near));
                problems.push(span, format!("styles.{name}: unknown key `{key}`"), Some(help));
            }
        }
    }
    Some(style)
}

fn ansi(name: &str) -> Option<Color> {
    ANSI.iter().find(|(known, ..)| *known == name).map(|(_, color, _)| *color)
}

/// Every style with its colours looked up; each bad name is told once, where it stands.
fn resolve(merged: &Merged, problems: &mut [Problems]) -> BTreeMap<String, Look> {
    let mut paints: BTreeMap<&str, Option<Paint>> = BTreeMap::new();
    for name in merged.palette.keys() {
        let paint = palette_paint(name, merged, problems);
        paints.insert(name, paint);
    }
    let mut paint = |colour: &Option<Colour>| -> Option<Paint> {
        match colour.as_ref()? {
            (Raw::Exact(color), _) => Some(Paint::new(*color)),
            (Raw::Name(name), place) => match paints.get(name.as_str()) {
                Some(known) => *known,
                None => own_paint(name, place, merged, problems),
            },
        }
    };
    merged
        .styles
        .iter()
        .map(|(name, style)| {
            let (fg, bg) = (paint(&style.fg), paint(&style.bg));
            (name.clone(), Look { fg, bg, add: style.add, remove: style.remove })
        })
        .collect()
}

/// A palette entry followed through the names it stands for. One that names itself means the
/// terminal's colour of that name.
fn palette_paint(name: &str, merged: &Merged, problems: &mut [Problems]) -> Option<Paint> {
    let mut trail = vec![name];
    let mut ansi16 = None;
    loop {
        let last = *trail.last()?;
        let entry = merged.palette.get(last)?;
        ansi16 = ansi16.or(entry.ansi16);
        let (raw, place) = &entry.colour;
        let paint = match raw {
            Raw::Exact(color) => Paint::new(*color),
            Raw::Name(next) if next == last || !merged.palette.contains_key(next) => {
                // A name that is wrong is told by the entry that wrote it, not by those that follow it.
                if next != last && trail.len() > 1 && ansi(next).is_none() && next != DEFAULT {
                    return None;
                }
                own_paint(next, place, merged, problems)?
            }
            Raw::Name(next) if trail.contains(&next.as_str()) => {
                // Likewise told once, by the entry that comes first.
                if next == name && trail.iter().min() == Some(&name) {
                    trail.push(next);
                    let message = (WORDS.circle)(&trail.join(" → "));
                    let first = &merged.palette[name].colour.1;
                    problems[first.layer].push(
                        first.span.clone(),
                        message,
                        Some(WORDS.colour_syntax.to_owned()),
                    );
                }
                return None;
            }
            Raw::Name(next) => {
                trail.push(next);
                continue;
            }
        };
        return Some(Paint { full: paint.full, ansi16: ansi16.or(paint.ansi16) });
    }
}

/// A name that is not in the palette: the terminal's own colours, else a problem.
fn own_paint(name: &str, place: &Place, merged: &Merged, problems: &mut [Problems]) -> Option<Paint> {
    if let Some(color) = ansi(name) {
        return Some(Paint::new(color));
    }
    if name == DEFAULT {
        return Some(Paint::new(Color::Reset));
    }
    let names = merged.palette.keys().map(String::as_str).filter(|known| *known != name);
    let near = did_you_mean(name, names.chain(ANSI.iter().map(|(name, ..)| *name)).chain([DEFAULT]));
    let help = near.map_or_else(|| WORDS.colour_syntax.to_owned(), WORDS.did_you_mean);
    problems[place.layer].push(place.span.clone(), (WORDS.unknown_colour)(name), Some(help));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(texts: &[&str]) -> Vec<Layer> {
        let file = |at| if at + 1 == texts.len() { "own.toml" } else { "base.toml" };
        let layer =
            |(at, text): (usize, &&str)| Layer { file: file(at).to_owned(), text: (*text).to_owned() };
        texts.iter().enumerate().map(layer).collect()
    }

    fn told(texts: &[&str]) -> Vec<String> {
        read(&layers(texts), true).1.iter().map(Problem::to_string).collect()
    }

    fn look(texts: &[&str], role: Role) -> Look {
        let (draft, problems) = read(&layers(texts), true);
        assert_eq!(problems, []);
        draft.looks[role as usize]
    }

    #[test]
    fn each_mistake_is_told_with_its_place_and_a_way_out() {
        for (own, want) in [
            (
                "[styles]\n\"severity.critcal\" = \"red\"\n",
                "own.toml:2:1: no role is called `severity.critcal`\n  2 | \"severity.critcal\" = \"red\"\n    | ^^^^^^^^^^^^^^^^^^\n  help: did you mean `severity.critical`?\n",
            ),
            ("[styles]\nseverity.critical = \"red\"\n", "own.toml:2:10: no role is called `severity`\n"),
            (
                "[palette]\nink = \"#c9d1d9\"\n[styles]\ntext = \"inc\"\n",
                "own.toml:4:8: no colour is called `inc`\n  4 | text = \"inc\"\n    |        ^^^^^\n  help: did you mean `ink`?\n",
            ),
            (
                "[styles]\ntext = \"#c9d1d\"\n",
                "own.toml:2:8: styles.text: `#c9d1d` is no colour `#rrggbb`\n  2 | text = \"#c9d1d\"\n    |        ^^^^^^^^\n",
            ),
            (
                "[styles]\ntext = 256\n",
                "own.toml:2:8: styles.text: a colour's number is 0 to 255\n  2 | text = 256\n    |        ^^^\n",
            ),
            (
                "[styles]\ntext = { fg = \"red\", blod = true }\n",
                "own.toml:2:22: styles.text: unknown key `blod`\n  2 | text = { fg = \"red\", blod = true }\n    |                      ^^^^\n  help: did you mean `bold`?\n",
            ),
            (
                "[styles]\ntext = { bold = \"yes\" }\n",
                "own.toml:2:17: styles.text.bold: expected true or false, found a string\n  2 | text = { bold = \"yes\" }\n    |                 ^^^^^\n",
            ),
            (
                "[palette]\nink = { value = \"#c9d1d9\", ansi16 = \"grey\" }\n",
                "own.toml:2:37: palette.ink.ansi16: `grey` is none of the terminal's sixteen colours\n",
            ),
            ("[palete]\n", "own.toml:1:2: unknown key `palete`\n"),
            (
                "[terminal]\nbackground = \"black\"\n",
                "own.toml:2:14: terminal.background: `black` is no colour `#rrggbb`\n",
            ),
        ] {
            let found = told(&[own]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(want), "{}\nwanted {want}", found[0]);
        }
    }

    #[test]
    fn a_role_without_quotes_is_told_to_have_them() {
        for own in ["[styles]\nseverity.critical = \"red\"\n", "[styles]\ntext.dim = \"red\"\n"] {
            let found = told(&[own]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].contains("stands in quotes"), "{found:?}");
        }
    }

    #[test]
    fn colours_that_only_name_one_another_are_told_once() {
        let own = "[palette]\na = \"b\"\nb = \"c\"\nc = \"a\"\nd = \"a\"\n[styles]\ntext = \"d\"\n";
        let found = told(&[own]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("own.toml:2:5: these colours only name one another: a → b → c → a"));
    }

    #[test]
    fn a_wrong_name_in_the_palette_is_told_once() {
        let own = "[palette]\na = \"nothing-like-it\"\nb = \"a\"\n[styles]\ntext = \"b\"\ntitle = \"a\"\n";
        let found = told(&[own]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("own.toml:2:5: no colour is called"), "{found:?}");
    }

    #[test]
    fn a_colour_that_names_itself_is_the_terminals() {
        let paint = look(&["[palette]\nred = \"red\"\n[styles]\ntext = \"red\"\n"], Role::Text).fg;
        assert_eq!(paint, Some(Paint::new(Color::Red)));
        assert_eq!(told(&["[palette]\nink = \"ink\"\n"]).len(), 1);
    }

    #[test]
    fn a_number_means_the_terminals_colour_whatever_the_palette_hides() {
        let own = "[palette]\nyellow = \"bright-yellow\"\n[styles]\ntext = 3\ntitle = 208\n";
        assert_eq!(look(&[own], Role::Text).fg, Some(Paint::new(Color::Yellow)));
        assert_eq!(look(&[own], Role::Title).fg, Some(Paint::new(Color::Indexed(208))));
    }

    #[test]
    fn the_particular_falls_back_to_the_general() {
        let own = "[styles]\ntext = \"white\"\nseverity = \"yellow\"\n\"severity.critical\" = { fg = \"red\", bold = true }\n";
        let red = Look { fg: Some(Paint::new(Color::Red)), add: Modifier::BOLD, ..Look::default() };
        assert_eq!(look(&[own], Role::SeverityCritical), red);
        assert_eq!(look(&[own], Role::SeverityLow).fg, Some(Paint::new(Color::Yellow)));
        assert_eq!(look(&[own], Role::Chart1).fg, Some(Paint::new(Color::Gray)));
    }

    #[test]
    fn a_theme_on_another_recolours_it_by_its_palette() {
        let base = "[palette]\naccent = \"#112233\"\nlink = \"accent\"\n[styles]\ntitle = \"link\"\n";
        let own = "[palette]\naccent = { value = \"#445566\", ansi16 = \"cyan\" }\n";
        let want = Paint { full: Color::Rgb(0x44, 0x55, 0x66), ansi16: Some(Color::Cyan) };
        assert_eq!(look(&[base, own], Role::Title).fg, Some(want));
    }
}
