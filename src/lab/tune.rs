//! What a host of the laboratory is set to: in goes a host, out comes what
//! this machine would not let us set.

use super::namespace::{Host, QUIET, Unset};

/// Makes a host quiet: nothing is on the wire that no program has sent.
pub(super) fn host(host: &Host) -> Vec<String> {
    told(host.tune(&QUIET))
}

/// Sets what the learner asked for, `net.ipv4.tcp_sack=0`.
pub(super) fn asked(host: &Host, asked: &[(String, String)]) -> Vec<String> {
    let pairs = asked.iter();
    let pairs: Vec<_> = pairs
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    told(host.tune(&pairs))
}

fn told(unset: Vec<Unset>) -> Vec<String> {
    let tell = |it: Unset| format!("{} stays as it is: {}", it.key, it.error);
    unset.into_iter().map(tell).collect()
}
