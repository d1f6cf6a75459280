//! What a host of the laboratory is set to: in goes a host, out comes what
//! this machine would not let us set.

use super::namespace::{Host, QUIET, Unset};

/// Makes a host quiet: nothing is on the wire that no program has sent.
pub(super) fn host(host: &Host) -> Vec<String> {
    told(host.tune(&QUIET))
}

/// Makes a host quiet, and sets what the learner asked for, such as
/// `net.ipv4.tcp_sack=0`.
pub(super) fn all(host: &Host, asked: &[(String, String)]) -> Vec<String> {
    let pairs: Vec<_> = asked
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let mut unset = self::host(host);
    unset.extend(told(host.tune(&pairs)));
    unset
}

fn told(unset: Vec<Unset>) -> Vec<String> {
    let tell = |it: Unset| format!("{} stays as it is: {}", it.key, it.error);
    unset.into_iter().map(tell).collect()
}
