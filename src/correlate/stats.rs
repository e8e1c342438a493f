//! Robust statistics: medians, spreads, tails. Logarithms and exponentials are `libm`'s, the same on every platform.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Exponential.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Quantile of sorted values, interpolated; 0 of none.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let low = at.floor() as usize;
    let part = at - low as f64;
    let a = sorted.get(low).copied().unwrap_or(0.0);
    let b = sorted.get((low + 1).min(last)).copied().unwrap_or(a);
    a + (b - a) * part
}

/// Sorts by value; NaN has no place here.
pub fn sort(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// Median of values in any order.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sort(&mut sorted);
    quantile(&sorted, 0.5)
}

/// Robust spread of sorted values: the larger of what the quartiles and the median deviation say.
pub fn spread(sorted: &[f64]) -> f64 {
    if sorted.len() < 2 {
        return 0.0;
    }
    let middle = quantile(sorted, 0.5);
    let quartiles = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.349;
    let deviations: Vec<f64> = sorted.iter().map(|x| (x - middle).abs()).collect();
    quartiles.max(1.4826 * median(&deviations))
}

/// Mean; 0 of none.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// Mean of the middle half of sorted values and, by a half, of all: robust, and not blind to a second mode.
pub fn trimmed(sorted: &[f64]) -> f64 {
    let cut = sorted.len() / 8;
    mean(&sorted[cut..sorted.len() - cut])
}

/// Standard deviation of a sample; 0 of fewer than two.
pub fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let middle = mean(values);
    (values.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// Evidence in nats for a deviation of `z` spreads: the tail of Student's t with four degrees of freedom, so
/// that the hundredth spread says little more than the tenth.
pub fn tail(z: f64) -> f64 {
    if z <= 0.0 { 0.0 } else { 2.5 * libm::log1p(z * z / 4.0) }
}

/// Bounded evidence: nobody is surer than `most` nats.
pub fn cap(nats: f64, most: f64) -> f64 {
    if nats <= 0.0 { 0.0 } else { most * (1.0 - exp(-nats / most)) }
}

/// Log-likelihood ratio, in nats, that `k` of `n` is another share than `k0` of `n0`; positive when it is a
/// larger one, negative when a smaller.
pub fn shares(k: f64, n: f64, k0: f64, n0: f64) -> f64 {
    if n <= 0.0 || n0 <= 0.0 {
        return 0.0;
    }
    let p = (k + 0.5) / (n + 1.0);
    let p0 = (k0 + 0.5) / (n0 + 1.0);
    // What both together say, if there is one share only.
    let both = (k + k0 + 0.5) / (n + n0 + 1.0);
    let says = |k: f64, n: f64, p: f64| k * ln(p) + (n - k) * ln(1.0 - p);
    let ratio = says(k, n, p) + says(k0, n0, p0) - says(k, n, both) - says(k0, n0, both);
    if p >= p0 { ratio.max(0.0) } else { -ratio.max(0.0) }
}

/// Spearman's rank correlation; `None` where one side does not move or there are too few pairs.
pub fn ranks_agree(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 4 {
        return None;
    }
    let a = ranks(pairs.iter().map(|p| p.0));
    let b = ranks(pairs.iter().map(|p| p.1));
    let middle = (pairs.len() - 1) as f64 / 2.0;
    let (mut up, mut left, mut right) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(&b) {
        up += (x - middle) * (y - middle);
        left += (x - middle) * (x - middle);
        right += (y - middle) * (y - middle);
    }
    (left > 0.0 && right > 0.0).then(|| up / (left * right).sqrt())
}

fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        while to < order.len() && values[order[to]] == values[order[from]] {
            to += 1;
        }
        for at in &order[from..to] {
            ranks[*at] = (from + to - 1) as f64 / 2.0;
        }
        from = to;
    }
    ranks
}
