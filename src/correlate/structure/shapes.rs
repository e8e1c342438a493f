//! How often work takes which shape.

use super::{KNOWN, SHAPES, Structure};
use crate::correlate::channel::Scored;
use crate::correlate::detail::Detail;
use crate::correlate::stats;

impl Structure {
    /// How often work takes which shape, by component: early returns change no single part's likelihood much, when
    /// their shape is known, but how often it comes.
    pub fn shapes(&self, target: usize, reference: &[usize]) -> Vec<Scored> {
        let mut all = vec![Scored::default(); self.components.len()];
        for (number, kind) in &self.kinds {
            let of = |counts: &[u32]| reference.iter().map(|p| f64::from(counts[*p])).sum::<f64>();
            let component = self.operations[*number as usize].0 as usize;
            for shapes in kind.shapes.values() {
                let (now, calm) = (f64::from(shapes.all[target]), of(&shapes.all));
                if now < 3.0 || calm < f64::from(KNOWN) || shapes.each.len() >= SHAPES {
                    continue;
                }
                for (shape, counts) in &shapes.each {
                    let (k, k0) = (f64::from(counts[target]), of(counts));
                    let says = stats::shares(k, now, k0, calm);
                    if says <= 0.0 {
                        continue;
                    }
                    // What is asked for changes from minute to minute; what varies in calm says less.
                    let share = k0 / calm;
                    let (mut beyond, mut squares) = (0.0, 0.0);
                    for piece in reference {
                        let expected = share * f64::from(shapes.all[*piece]);
                        beyond += (f64::from(counts[*piece]) - expected).powi(2) - expected * (1.0 - share);
                        squares += expected * expected;
                    }
                    let unsteady = (beyond / squares.max(1.0)).clamp(0.02, 4.0);
                    let nats = stats::cap(says / (1.0 + unsteady * share * now), 20.0);
                    let scored = &mut all[component];
                    scored.nats = scored.nats.max(nats);
                    scored.add(nats, || Detail::Shape {
                        operation: self.operations[*number as usize].1.clone(),
                        steps: shape.len(),
                        after: k / now,
                        before: share,
                        count: k as usize,
                    });
                }
            }
        }
        all
    }
}
