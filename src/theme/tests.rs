//! What the shipped themes promise: legible, told apart, and never by colour alone.

use ratatui::style::{Color, Modifier};

use super::*;

const SEVERITIES: &[Role] = &[
    Role::SeverityCritical,
    Role::SeverityHigh,
    Role::SeverityMedium,
    Role::SeverityLow,
    Role::SeverityNone,
];
const LEVELS: &[Role] = &[Role::LevelOk, Role::LevelWarning, Role::LevelCritical];
const STATES: &[Role] = &[
    Role::StateReady,
    Role::StateLoading,
    Role::StateStale,
    Role::StateFailed,
    Role::StateNoData,
    Role::StateUnconfigured,
];
const CHARTS: &[Role] = &[
    Role::Chart1,
    Role::Chart2,
    Role::Chart3,
    Role::Chart4,
    Role::Chart5,
    Role::Chart6,
    Role::Chart7,
    Role::Chart8,
];
/// Frames and tracks: seen, not read.
const DECORATION: &[Role] = &[Role::Border, Role::BarTrack];
/// Shapes, for which WCAG 1.4.11 asks 3.
const SHAPES: &[Role] = &[Role::BarFill, Role::Spark, Role::OverlayBorder, Role::BorderFocus];
/// Backgrounds that lie under text of any role.
const GROUNDS: &[Role] = &[Role::Background, Role::Cursor, Role::Selected, Role::Overlay];
/// Themes that choose their own colours; of the others the terminal does.
const COLOURED: &[&str] = &["dark", "light", "high-contrast"];

fn load(name: &str) -> Theme {
    Theme::load(name, &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn shown(color: Option<Color>, otherwise: Rgb) -> Rgb {
    color.and_then(Rgb::of).unwrap_or(otherwise)
}

/// The background that a role lays under text.
fn ground(theme: &Theme, role: Role) -> Rgb {
    let base = shown(theme.style(Role::Background).bg, theme.terminal().1);
    shown(theme.style(role).bg, base)
}

fn is_text(role: Role) -> bool {
    !DECORATION.contains(&role)
        && !SHAPES.contains(&role)
        && !CHARTS.contains(&role)
        && !GROUNDS.contains(&role)
}

/// The least contrast of a role's foreground on any background it can stand on.
fn contrast(theme: &Theme, role: Role) -> f64 {
    let style = theme.style(role);
    let fg = shown(style.fg.or(theme.style(Role::Background).fg), theme.terminal().0);
    let grounds = if style.bg.is_some() { vec![role] } else { GROUNDS.to_vec() };
    grounds.into_iter().map(|under| fg.contrast(ground(theme, under))).fold(f64::INFINITY, f64::min)
}

fn pairs(roles: &[Role]) -> impl Iterator<Item = (Role, Role)> {
    roles.iter().enumerate().flat_map(|(at, a)| roles[..at].iter().map(|b| (*a, *b)))
}

#[test]
fn every_shipped_theme_loads_without_a_problem() {
    for name in Theme::names(&[]) {
        load(&name);
    }
    assert_eq!(Theme::shipped(), load("dark"));
}

#[test]
fn text_is_legible_on_every_background() {
    for name in COLOURED {
        let theme = load(name);
        let least = if *name == "high-contrast" { 7.0 } else { 4.5 };
        for role in Role::ALL.iter().filter(|role| is_text(**role)) {
            let found = contrast(&theme, *role);
            assert!(found >= least, "{name}: {} has {found:.2}", role.name());
        }
        for role in SHAPES.iter().chain(CHARTS) {
            let found = contrast(&theme, *role);
            assert!(found >= 3.0, "{name}: {} has {found:.2}", role.name());
        }
    }
}

#[test]
fn text_stays_legible_in_256_and_in_16_colours() {
    for name in COLOURED {
        for depth in [Depth::Ansi256, Depth::Ansi16] {
            let theme = load(name).adapted(depth);
            for role in Role::ALL.iter().filter(|role| is_text(**role)) {
                let found = contrast(&theme, *role);
                // Sixteen colours have no gentle ones: pure red on black is 5.3, but magenta is 3.4.
                let least = if depth == Depth::Ansi16 { 3.0 } else { 4.5 };
                assert!(found >= least, "{name} {depth:?}: {} has {found:.2}", role.name());
            }
        }
    }
}

#[test]
fn severities_levels_and_states_differ_at_every_depth() {
    for name in Theme::names(&[]) {
        for depth in [Depth::True, Depth::Ansi256, Depth::Ansi16, Depth::None] {
            let theme = load(&name).adapted(depth);
            for (a, b) in pairs(SEVERITIES).chain(pairs(LEVELS)).chain(pairs(STATES)) {
                assert_ne!(theme.style(a), theme.style(b), "{name} {depth:?}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn severity_is_unmistakable_in_colour() {
    for name in COLOURED {
        let theme = load(name);
        for (a, b) in pairs(&SEVERITIES[..4]) {
            let [x, y] = [a, b].map(|role| shown(theme.style(role).fg, theme.terminal().0));
            assert!(x.distance(y) >= 0.08, "{name}: {a:?} {b:?} {:.3}", x.distance(y));
        }
        let critical = theme.style(Role::SeverityCritical);
        assert!(critical.add_modifier.contains(Modifier::BOLD), "{name}");
    }
}

#[test]
fn severities_that_want_somebody_have_four_colours_among_sixteen() {
    for name in ["dark", "light", "high-contrast", "ansi16"] {
        let theme = load(name).adapted(Depth::Ansi16);
        for (a, b) in pairs(&SEVERITIES[..4]) {
            assert_ne!(theme.style(a).fg, theme.style(b).fg, "{name}: {a:?} {b:?}");
        }
    }
}

#[test]
fn without_colours_attributes_tell_everything_apart() {
    for name in Theme::names(&[]) {
        let theme = load(&name).adapted(Depth::None);
        for role in Role::ALL {
            let style = theme.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{name}: {}", role.name());
        }
        for (a, b) in pairs(SEVERITIES).chain(pairs(LEVELS)).chain(pairs(STATES)) {
            let [x, y] = [a, b].map(|role| theme.style(role).add_modifier);
            assert_ne!(x, y, "{name}: {a:?} {b:?}");
            // Not every terminal has italics.
            assert_ne!(x - Modifier::ITALIC, y - Modifier::ITALIC, "{name}: {a:?} {b:?} only by italics");
        }
        for role in [Role::Cursor, Role::Selected, Role::Match] {
            assert_ne!(theme.style(role).add_modifier, Modifier::empty(), "{name}: {role:?}");
        }
    }
    let mono = load("mono");
    assert_eq!(mono, mono.adapted(Depth::None), "mono has no colour to lose");
}

#[test]
fn adapting_uses_only_what_the_terminal_has() {
    for name in Theme::names(&[]) {
        let theme = load(&name);
        let colours = |depth| -> Vec<Color> {
            let theme = theme.adapted(depth);
            Role::ALL
                .iter()
                .flat_map(|role| [theme.style(*role).fg, theme.style(*role).bg])
                .flatten()
                .collect()
        };
        assert!(!colours(Depth::Ansi256).iter().any(|color| matches!(color, Color::Rgb(..))), "{name}");
        let sixteen = colours(Depth::Ansi16);
        assert!(
            !sixteen.iter().any(|color| matches!(color, Color::Rgb(..) | Color::Indexed(_))),
            "{name}: {sixteen:?}"
        );
        assert_eq!(theme.adapted(Depth::True), theme, "{name}");
        assert_eq!(theme.adapted(Depth::Ansi16).adapted(Depth::True), theme, "nothing is lost on the way");
    }
}

#[test]
fn a_highlight_stays_visible_in_16_colours() {
    for name in Theme::names(&[]) {
        let theme = load(&name).adapted(Depth::Ansi16);
        let style = theme.style(Role::Cursor);
        assert!(style.add_modifier.contains(Modifier::REVERSED), "{name}: {style:?}");
    }
}

#[test]
fn chart_colours_of_sixteen_are_all_different() {
    for name in ["dark", "high-contrast", "ansi16"] {
        let theme = load(name).adapted(Depth::Ansi16);
        for (a, b) in pairs(CHARTS) {
            assert_ne!(theme.style(a).fg, theme.style(b).fg, "{name}: {a:?} {b:?}");
        }
    }
}

/// Linear sRGB as a dichromat sees it, severity 1.0. Source: Machado, Oliveira and Fernandes, "A
/// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), table of matrices.
const DEFICIENCIES: &[(&str, f64, [[f64; 3]; 3])] = &[
    ("no deficiency", 0.12, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        0.08,
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        0.08,
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        0.06,
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn seen(colour: Rgb, matrix: &[[f64; 3]; 3]) -> Rgb {
    let linear = colour.linear();
    let channel = |row: [f64; 3]| {
        let light: f64 = row.iter().zip(linear).map(|(m, c)| m * c).sum();
        let light = light.clamp(0.0, 1.0);
        let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (value * 255.0).round() as u8
    };
    Rgb::new(channel(matrix[0]), channel(matrix[1]), channel(matrix[2]))
}

#[test]
fn chart_colours_stay_apart_for_every_eye() {
    for name in COLOURED {
        let theme = load(name);
        for (deficiency, least, matrix) in DEFICIENCIES {
            for (a, b) in pairs(CHARTS) {
                let [x, y] = [a, b].map(|role| seen(shown(theme.style(role).fg, Rgb::new(0, 0, 0)), matrix));
                let found = x.distance(y);
                assert!(found >= *least, "{name}, {deficiency}: {a:?} and {b:?} are {found:.3} apart");
            }
        }
    }
}

#[test]
fn a_persons_theme_may_give_the_background_back_to_the_terminal() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::create_dir(dir.path().join("themes")).expect("a folder");
    let own = "inherits = \"dark\"\n[palette]\nground = \"default\"\nsurface = \"default\"\n";
    std::fs::write(dir.path().join("themes/glass.toml"), own).expect("a file");
    let dirs = [dir.path().to_owned()];
    let theme = Theme::load("glass", &dirs).expect("a theme");
    assert_eq!(theme.style(Role::Background).bg, Some(Color::Reset));
    assert_eq!(theme.style(Role::Text), Theme::shipped().style(Role::Text));
    assert_eq!(Theme::names(&dirs).last().map(String::as_str), Some("glass"));
    let problems = Theme::load("drak", &dirs).expect_err("no such theme");
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `dark`?"));
}
