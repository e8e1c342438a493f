//! Colours: the terminal's sixteen, the 256 and truecolor, and the nearest of one in another.

use ratatui::style::Color;

/// A colour of the sRGB space, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// The terminal's own sixteen: name in theme files, colour, and what xterm shows for it. Every
/// terminal shows them a little differently; the values serve distances and exports alone.
pub const ANSI: &[(&str, Color, Rgb); 16] = &[
    ("black", Color::Black, Rgb::new(0, 0, 0)),
    ("red", Color::Red, Rgb::new(205, 0, 0)),
    ("green", Color::Green, Rgb::new(0, 205, 0)),
    ("yellow", Color::Yellow, Rgb::new(205, 205, 0)),
    ("blue", Color::Blue, Rgb::new(0, 0, 238)),
    ("magenta", Color::Magenta, Rgb::new(205, 0, 205)),
    ("cyan", Color::Cyan, Rgb::new(0, 205, 205)),
    ("white", Color::Gray, Rgb::new(229, 229, 229)),
    ("bright-black", Color::DarkGray, Rgb::new(127, 127, 127)),
    ("bright-red", Color::LightRed, Rgb::new(255, 0, 0)),
    ("bright-green", Color::LightGreen, Rgb::new(0, 255, 0)),
    ("bright-yellow", Color::LightYellow, Rgb::new(255, 255, 0)),
    ("bright-blue", Color::LightBlue, Rgb::new(92, 92, 255)),
    ("bright-magenta", Color::LightMagenta, Rgb::new(255, 0, 255)),
    ("bright-cyan", Color::LightCyan, Rgb::new(0, 255, 255)),
    ("bright-white", Color::White, Rgb::new(255, 255, 255)),
];

/// The terminal's own foreground or background in theme files.
pub const DEFAULT: &str = "default";

impl Rgb {
    /// From its channels.
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some(Self { r, g, b })
    }

    /// What a terminal shows for a colour: xterm's values for the sixteen. `None` for the
    /// terminal's own foreground and background.
    pub fn of(color: Color) -> Option<Self> {
        match color {
            Color::Reset => None,
            Color::Rgb(r, g, b) => Some(Self { r, g, b }),
            Color::Indexed(index) => Some(Self::indexed(index)),
            named => ANSI.iter().find(|(_, color, _)| *color == named).map(|(_, _, rgb)| *rgb),
        }
    }

    /// Entry of xterm's 256: sixteen named ones, a cube of six steps a channel, 24 greys.
    fn indexed(index: u8) -> Self {
        let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
        match index {
            0..16 => ANSI[usize::from(index)].2,
            16..232 => {
                let cube = index - 16;
                Self::new(step(cube / 36), step(cube / 6 % 6), step(cube % 6))
            }
            232.. => {
                let grey = 8 + 10 * (index - 232);
                Self::new(grey, grey, grey)
            }
        }
    }

    /// The nearest of the cube and the greys. The first sixteen are left out, because every
    /// terminal shows them differently.
    pub fn nearest_256(self) -> Color {
        let index = (16..=255u8).min_by(|a, b| self.closer(Self::indexed(*a), Self::indexed(*b)));
        index.map_or(Color::Reset, Color::Indexed)
    }

    /// The nearest of the terminal's sixteen.
    pub fn nearest_16(self) -> Color {
        let entry = ANSI.iter().min_by(|(_, _, a), (_, _, b)| self.closer(*a, *b));
        entry.map_or(Color::Reset, |(_, color, _)| *color)
    }

    fn closer(self, a: Self, b: Self) -> std::cmp::Ordering {
        self.distance(a).total_cmp(&self.distance(b))
    }

    /// How different two colours look: the Euclidean distance in `OKLab`, 0 to about 1; 0.02 is just
    /// visible side by side.
    pub fn distance(self, other: Self) -> f64 {
        let [a, b] = [self.oklab(), other.oklab()];
        a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt()
    }

    /// Lightness and the two opponent axes. Source: Björn Ottosson, "A perceptual color space for
    /// image processing" (2020), matrices of 2021-01-25.
    pub fn oklab(self) -> [f64; 3] {
        let light = self.linear();
        let cone = |row: [f64; 3]| dot(row, light).cbrt();
        let cones = [
            cone([0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9]),
            cone([0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6]),
            cone([0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5]),
        ];
        [
            dot([0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8], cones),
            dot([1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9], cones),
            dot([0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0], cones),
        ]
    }

    /// Light of each channel, 0 to 1: the sRGB transfer function of IEC 61966-2-1 undone.
    pub fn linear(self) -> [f64; 3] {
        [self.r, self.g, self.b].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Contrast of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance".
    pub fn contrast(self, other: Self) -> f64 {
        let luminance = |colour: Self| {
            let [r, g, b] = colour.linear();
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(self), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

fn dot(row: [f64; 3], column: [f64; 3]) -> f64 {
    row.iter().zip(column).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hexadecimal_is_six_digits() {
        assert_eq!(Rgb::parse("#10aBff"), Some(Rgb::new(16, 171, 255)));
        for bad in ["#fff", "10abff", "#10abfg", "#10abff0", "#", "", "#+0abff", "#é0abf"] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn oklab_and_contrast_agree_with_their_sources() {
        // Ottosson's page: white is (1, 0, 0); red is (0.628, 0.225, 0.126).
        for (colour, want) in [
            (Rgb::new(255, 255, 255), [1.0, 0.0, 0.0]),
            (Rgb::new(255, 0, 0), [0.628, 0.225, 0.126]),
            (Rgb::new(0, 0, 0), [0.0, 0.0, 0.0]),
        ] {
            for (found, want) in colour.oklab().into_iter().zip(want) {
                assert!((found - want).abs() < 0.001, "{colour:?}: {:?}", colour.oklab());
            }
        }
        let white = Rgb::new(255, 255, 255);
        assert!((white.contrast(Rgb::new(0, 0, 0)) - 21.0).abs() < 0.01);
        assert!((Rgb::new(0x76, 0x76, 0x76).contrast(white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn the_nearest_is_what_the_eye_says() {
        for (colour, sixteen) in [
            (Rgb::new(250, 5, 5), Color::LightRed),
            (Rgb::new(190, 10, 10), Color::Red),
            (Rgb::new(12, 14, 18), Color::Black),
            (Rgb::new(120, 125, 130), Color::DarkGray),
            (Rgb::new(250, 250, 240), Color::White),
            (Rgb::new(0, 200, 210), Color::Cyan),
        ] {
            assert_eq!(colour.nearest_16(), sixteen, "{colour:?}");
        }
        assert_eq!(Rgb::new(255, 135, 0).nearest_256(), Color::Indexed(208));
        assert_eq!(Rgb::new(18, 18, 18).nearest_256(), Color::Indexed(233));
    }

    proptest! {
        #[test]
        fn a_colour_of_the_256_is_its_own_nearest(index in 16u8..=255) {
            let shown = Rgb::indexed(index);
            let nearest = Rgb::of(shown.nearest_256()).expect("a colour");
            prop_assert_eq!(nearest, shown);
        }

        #[test]
        fn no_256_is_nearer_than_the_nearest(r: u8, g: u8, b: u8, index in 16u8..=255) {
            let colour = Rgb::new(r, g, b);
            let nearest = Rgb::of(colour.nearest_256()).expect("a colour");
            prop_assert!(colour.distance(nearest) <= colour.distance(Rgb::indexed(index)));
        }
    }
}
