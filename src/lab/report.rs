//! What was found on a machine, as it is told: in go findings, out come
//! aligned lines and a verdict.

use std::env;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that the laboratory needs, or would like to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub what: String,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// With what is worth knowing about it, or nothing.
    Ok(String),
    /// The laboratory is not possible without.
    Missing { why: String, mend: Option<String> },
    /// It is possible, with less.
    Degraded { why: String, mend: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report(pub Vec<Finding>);

impl Report {
    /// Whether the laboratory works here, with less perhaps.
    pub fn possible(&self) -> bool {
        let missing =
            |it: &Finding| matches!(it.outcome, Outcome::Missing { .. });
        !self.0.iter().any(missing)
    }

    /// The first thing that is missing, and what mends it.
    pub fn obstacle(&self) -> Option<String> {
        self.0.iter().find_map(|finding| match &finding.outcome {
            Outcome::Missing { why, mend } => Some(match mend {
                Some(mend) => format!("{why}: {mend}"),
                None => why.clone(),
            }),
            _ => None,
        })
    }

    fn verdict(&self) -> &'static str {
        let fine = |it: &Finding| matches!(it.outcome, Outcome::Ok(_));
        match self.possible() {
            false => "The laboratory is not possible here until NO is mended.",
            true if self.0.iter().all(fine) => {
                "The laboratory has all that it needs."
            }
            true => "The laboratory works here, with less where -- stands.",
        }
    }
}

/// A verdict for each line, and one for all.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let widths = self.0.iter().map(|finding| finding.what.len());
        let width = widths.max().unwrap_or_default();
        let mut apparmor = false;
        for Finding { what, outcome } in &self.0 {
            let (mark, text, mend) = match outcome {
                Outcome::Ok(detail) => ("ok", detail, &None),
                Outcome::Missing { why, mend } => ("NO", why, mend),
                Outcome::Degraded { why, mend } => ("--", why, mend),
            };
            let line = format!("{mark}  {what:width$}  {text}");
            writeln!(f, "{}", line.trim_end())?;
            if let Some(mend) = mend {
                writeln!(f, "{:width$}      {mend}", "")?;
                apparmor |= mend.contains("apparmor");
            }
        }
        if apparmor {
            write!(f, "\n{}", profile())?;
        }
        writeln!(f, "\n{}", self.verdict())
    }
}

/// The file that lets this one program have namespaces, on Ubuntu.
fn profile() -> String {
    let program = env::current_exe().unwrap_or_else(|_| "/path/wire".into());
    format!(
        "Or, for this program alone and for good, as root:\n\n\
         cat > /etc/apparmor.d/wire <<'END'\n\
         abi <abi/4.0>,\n\
         include <tunables/global>\n\
         profile wire \"{}\" flags=(unconfined) {{\n  userns,\n}}\n\
         END\n\
         apparmor_parser -r /etc/apparmor.d/wire\n",
        program.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::blocked::Blocked;

    fn finding(what: &str, outcome: Outcome) -> Finding {
        let what = what.into();
        Finding { what, outcome }
    }

    #[test]
    fn a_report_is_aligned_and_ends_with_a_verdict() {
        let mut report = Report(vec![
            finding("Linux", Outcome::Ok("6.1".into())),
            finding("sock_diag", Outcome::Ok(String::new())),
        ]);
        assert_eq!(
            report.to_string(),
            "ok  Linux      6.1\nok  sock_diag\n\n\
             The laboratory has all that it needs.\n"
        );
        let why = String::from("there is no /dev/net/tun");
        let mend = Some(String::from("sudo modprobe tun"));
        let (again, none) = (why.clone(), mend.clone());
        let less = Outcome::Degraded { why, mend };
        report.0.push(finding("TUN", less));
        assert!(report.possible());
        let lines = "--  TUN        there is no /dev/net/tun\n               \
                     sudo modprobe tun\n";
        assert!(report.to_string().contains(lines), "{report}");
        assert!(report.to_string().contains("works here, with less"));
        report.0.push(finding(
            "TUN",
            Outcome::Missing {
                why: again,
                mend: none,
            },
        ));
        assert!(!report.possible());
        assert!(report.to_string().contains("NO  TUN "));
        assert!(report.to_string().contains("is not possible here"));
        assert!(!report.to_string().contains("/etc/apparmor.d"));
        let cause = Blocked::AppArmor { step: "act".into() };
        let (why, mend) = (cause.cause(), cause.mend());
        report.0.push(finding("x", Outcome::Missing { why, mend }));
        assert!(report.to_string().contains("/etc/apparmor.d/wire"));
    }
}
