//! Spreading a discount, so that its parts add up to it to the cent and none exceeds its bound.

/// `amount` in proportion to the weights, by largest remainder (among equal remainders the earlier
/// one gets the unit), no part above its bound. The bounds together are at least the amount: what
/// a bound cuts off goes where there is room, in proportion to it.
///
/// Weights and bounds are `(weight, bound)`, none negative. Bounds cut only where nets were rounded
/// down, so the second round is for odd cents.
pub(super) fn spread(amount: i64, over: &[(i128, i64)]) -> Vec<i64> {
    let weights: Vec<i128> = over.iter().map(|(weight, _)| *weight).collect();
    let mut parts = by_weight(amount, &weights);
    let mut cut = 0;
    for (part, (_, bound)) in parts.iter_mut().zip(over) {
        cut += (*part - *bound).max(0);
        *part = Ord::min(*part, *bound);
    }
    if cut > 0 {
        let room: Vec<i128> = parts
            .iter()
            .zip(over)
            .map(|(part, (_, bound))| i128::from(bound - part))
            .collect();
        for (part, more) in parts.iter_mut().zip(by_weight(cut, &room)) {
            *part += more;
        }
    }
    parts
}

fn by_weight(amount: i64, weights: &[i128]) -> Vec<i64> {
    // Shifted so that amount × weight stays inside 128 bits.
    let largest = weights.iter().copied().max().unwrap_or(0);
    let shift = (128 - largest.leading_zeros()).saturating_sub(60);
    let weights: Vec<i128> = weights.iter().map(|weight| weight >> shift).collect();
    let total: i128 = weights.iter().sum();
    if total == 0 {
        let mut parts = vec![0; weights.len()];
        if let Some(first) = parts.first_mut() {
            *first = amount;
        }
        return parts;
    }
    let shares = weights
        .iter()
        .map(|weight| i128::from(amount) * weight)
        .map(|exact| (exact / total, exact % total));
    let (mut parts, remainders): (Vec<i64>, Vec<i128>) = shares
        .map(|(share, remainder)| (i64::try_from(share).unwrap_or(0), remainder))
        .unzip();
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|at| (-remainders.get(*at).copied().unwrap_or(0), *at));
    let missing = amount - parts.iter().sum::<i64>();
    for at in by_remainder
        .into_iter()
        .take(usize::try_from(missing).unwrap_or(0))
    {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}
