//! How late packets were handed over: in go times, out come quantiles.

use lessons::link::Nanos;

/// How late packets were, counted in steps of one microsecond.
#[derive(Debug)]
pub(super) struct Lateness {
    /// How many were late by this many microseconds; the last counts all
    /// that were later still.
    counts: Vec<u64>,
}

impl Default for Lateness {
    fn default() -> Lateness {
        Lateness {
            counts: vec![0; 20_000],
        }
    }
}

impl Lateness {
    pub(super) fn note(&mut self, late: Nanos) {
        let last = self.counts.len() - 1;
        self.counts[((late / 1000) as usize).min(last)] += 1;
    }

    /// Half were late by less than the first, 99 % by less than the second,
    /// in nanoseconds.
    pub(super) fn quantiles(&self) -> (u64, u64) {
        let all: u64 = self.counts.iter().sum();
        let quantile = |share: u64| {
            let mut seen = 0;
            let reached = self.counts.iter().position(|count| {
                seen += count;
                seen * 100 >= all * share
            });
            1000 * reached.unwrap_or(0) as u64
        };
        (quantile(50), quantile(99))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_is_told_by_its_quantiles() {
        let mut late = Lateness::default();
        for micros in 1..=100 {
            late.note(1000 * micros);
        }
        assert_eq!(late.quantiles(), (50_000, 99_000));
        late.note(u64::MAX);
        assert_eq!(Lateness::default().quantiles(), (0, 0));
    }
}
