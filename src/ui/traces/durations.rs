//! Draws counts by duration: a column for each step, what failed at its foot.

use ratatui::layout::Rect;

use crate::theme::Role;
use crate::ui::canvas::Canvas;
use crate::view::vm::DurationsVm;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, vm: &DurationsVm) {
    let count = vm.steps.len() as u16;
    if area.height < 2 || count == 0 || area.width < count {
        return;
    }
    // Columns of equal width, so that equal heights are equal counts.
    let each = (area.width / count).min(6);
    let plot = Rect { height: area.height - 1, width: each * count, ..area };
    let highest = vm.steps.iter().map(|(_, fine, failed)| fine + failed).max().unwrap_or(0).max(1);
    let scale = f64::from(plot.height) * 8.0 / highest as f64;
    let bar = if each > 2 { each - 1 } else { each };
    let (fine_style, failed_style) =
        (canvas.line_style(Role::Spark), canvas.line_style(Role::SeverityCritical));
    let (track, track_style) = (canvas.glyphs().track, canvas.line_style(Role::BarTrack));
    let full = canvas.glyphs().ramp[7];
    let failed_symbol = canvas.glyphs().layers[0];
    let mut free = area.x;
    for (at, (label, fine, failed)) in vm.steps.iter().enumerate() {
        let x = plot.x + at as u16 * each;
        let all = fine + failed;
        // Something is never drawn as nothing.
        let height = if all == 0 { 0 } else { ((all as f64 * scale).round() as u32).max(1) };
        let bad = match failed {
            0 => 0,
            _ => ((*failed as f64 * scale / 8.0).round() as u32).clamp(1, height.div_ceil(8).max(1)),
        };
        if height == 0 {
            canvas.run(x, plot.bottom() - 1, bar, track, track_style);
        }
        for line in 0..height.div_ceil(8) {
            let y = plot.bottom() - 1 - line as u16;
            if line < bad {
                canvas.run(x, y, bar, failed_symbol, failed_style);
                continue;
            }
            let left = (height - line * 8).min(8);
            let symbol = if left == 8 { full } else { canvas.glyphs().ramp[left as usize - 1] };
            canvas.run(x, y, bar, symbol, fine_style);
        }
        let width = canvas.width(label);
        if x >= free && x + width <= area.right() {
            let style = canvas.style(Role::TextDim);
            canvas.text(x, plot.bottom(), width, label, style);
            free = x + width + 1;
        }
    }
    let end = canvas.width(&vm.end);
    if plot.right() >= free && plot.right() + end <= area.right() {
        let style = canvas.style(Role::TextDim);
        canvas.text(plot.right(), plot.bottom(), end, &vm.end, style);
    }
}
