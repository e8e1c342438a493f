//! Lines over time on a grid of dots: two across and four down in each cell (Unicode 2800, braille).

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::roles;
use crate::model::Series;

/// A grid of dots and which series drew each cell last.
pub struct Plot {
    width: u16,
    height: u16,
    cells: Vec<(u8, u8)>,
    /// Cell of each series' last point.
    ends: Vec<Option<(u16, u16)>>,
}

/// Bits of the braille pattern, by column and row of the dot.
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

impl Plot {
    /// An empty grid of cells.
    pub fn new(width: u16, height: u16) -> Self {
        Self {
            width,
            height,
            cells: vec![(0, 0); usize::from(width) * usize::from(height)],
            ends: Vec::new(),
        }
    }

    /// Draws a series. Points further apart than a step and a half are not joined: the gap shows.
    /// What is not finite is a gap; what lies beyond the y axis runs along its end.
    pub fn series(&mut self, series: &Series, at: u8, span_ms: (i64, i64), step_ms: i64, y: (f64, f64)) {
        let (columns, rows) = (i64::from(self.width) * 2, i64::from(self.height) * 4);
        let length = (i128::from(span_ms.1) - i128::from(span_ms.0)).max(1);
        let spread = if y.1 > y.0 && (y.1 - y.0).is_finite() { y.1 - y.0 } else { 1.0 };
        let reach = i128::from(step_ms).max(1) * 3 / 2;
        let mut before: Option<(i64, (i64, i64))> = None;
        let mut end = None;
        if columns == 0 || rows == 0 {
            return;
        }
        for point in &series.points {
            let offset = i128::from(point.t) - i128::from(span_ms.0);
            if !point.v.is_finite() || offset < 0 || offset > length {
                before = None;
                continue;
            }
            let share = ((point.v - y.0) / spread).clamp(0.0, 1.0);
            let dot = (
                (offset * i128::from(columns - 1) / length) as i64,
                ((1.0 - share) * (rows - 1) as f64).round() as i64,
            );
            let joined = before.filter(|(t, _)| i128::from(point.t) - i128::from(*t) <= reach);
            self.line(joined.map_or(dot, |(_, from)| from), dot, at);
            before = Some((point.t, dot));
            end = Some(((dot.0 / 2) as u16, (dot.1 / 4) as u16));
        }
        self.ends.resize(self.ends.len().max(usize::from(at) + 1), None);
        self.ends[usize::from(at)] = end;
    }

    /// Bresenham's line between two dots, both included.
    fn line(&mut self, from: (i64, i64), to: (i64, i64), at: u8) {
        let (mut x, mut y) = from;
        let (dx, dy) = ((to.0 - x).abs(), -(to.1 - y).abs());
        let (sx, sy) = ((to.0 - x).signum(), (to.1 - y).signum());
        let mut error = dx + dy;
        loop {
            self.dot(x, y, at);
            if (x, y) == to {
                return;
            }
            let double = error * 2;
            if double >= dy {
                error += dy;
                x += sx;
            }
            if double <= dx {
                error += dx;
                y += sy;
            }
        }
    }

    fn dot(&mut self, x: i64, y: i64, at: u8) {
        let index = (y / 4) as usize * usize::from(self.width) + (x / 2) as usize;
        if let Some(cell) = self.cells.get_mut(index) {
            cell.0 |= DOTS[(x % 2) as usize][(y % 4) as usize];
            cell.1 = at;
        }
    }

    /// Writes the grid; cells without a dot are left as they are. With several series each ends in
    /// its own mark, so that they can be told apart without colour.
    pub fn write(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let glyphs = canvas.glyphs();
        let several = self.ends.iter().flatten().count() > 1;
        self.write_with(canvas, area, several, &|canvas, at| {
            (glyphs.series[at % glyphs.series.len()], canvas.style(roles::series(at)))
        });
    }

    /// The same with the mark and style of each series told by `look`; `several` tells whether they need telling
    /// apart.
    pub fn write_with<'l>(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        several: bool,
        look: &dyn Fn(&Canvas<'_>, usize) -> (&'l str, Style),
    ) {
        let ascii = canvas.glyphs().ascii;
        for (index, (dots, at)) in self.cells.iter().enumerate().filter(|(_, (dots, _))| *dots != 0) {
            let x = area.x + (index % usize::from(self.width.max(1))) as u16;
            let y = area.y + (index / usize::from(self.width.max(1))) as u16;
            let (mark, style) = look(canvas, usize::from(*at));
            if !ascii {
                canvas.char(x, y, char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' '), style);
            } else if several {
                canvas.symbol(x, y, mark, style);
            } else {
                // Dots 1, 2, 4 and 5 are the upper half of a cell.
                let (upper, lower) = (dots & 0x1b != 0, dots & 0xe4 != 0);
                let symbol = match (upper, lower) {
                    (true, true) => "*",
                    (true, false) => "'",
                    _ => ".",
                };
                canvas.symbol(x, y, symbol, style);
            }
        }
        if several {
            for (at, end) in self.ends.iter().enumerate() {
                if let Some((x, y)) = end {
                    let (mark, style) = look(canvas, at);
                    canvas.symbol(area.x + x, area.y + y, mark, style);
                }
            }
        }
    }
}
