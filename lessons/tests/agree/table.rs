//! Rows of a comparison: in go a figure of a model and one of a formula, out
//! come a verdict, and a line of the table.

use std::fmt;
use std::path::Path;

use crate::Result;

/// How far a model may be from its formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allowed {
    Percent(f64),
    /// In the unit of the row.
    Difference(f64),
    /// Anything: shown, and nothing claimed.
    Anything,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub what: String,
    pub simulation: f64,
    pub formula: f64,
}

/// Rows that are compared with the same tolerance.
#[derive(Debug, Clone)]
pub struct Group {
    pub title: &'static str,
    pub allowed: Allowed,
    pub rows: Vec<Row>,
}

impl Group {
    pub fn agrees(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|it| self.allows(it))
    }

    fn allows(&self, row: &Row) -> bool {
        let difference = (row.simulation - row.formula).abs();
        match self.allowed {
            Allowed::Percent(most) => difference * 100.0 <= most * row.formula,
            Allowed::Difference(most) => difference <= most,
            Allowed::Anything => true,
        }
    }

    /// The same with every formula off by so many tolerances.
    pub fn shifted(&self, tolerances: f64) -> Group {
        let mut group = self.clone();
        for row in &mut group.rows {
            row.formula += tolerances
                * match self.allowed {
                    Allowed::Percent(most) => most / 100.0 * row.formula,
                    Allowed::Difference(most) => most,
                    Allowed::Anything => 0.0,
                };
        }
        group
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let allowed = match self.allowed {
            Allowed::Percent(most) => format!("within {most} %"),
            Allowed::Difference(most) => format!("within {most}"),
            Allowed::Anything => "no agreement claimed".into(),
        };
        writeln!(f, "{} ({allowed})", self.title)?;
        for row in &self.rows {
            let Row {
                what,
                simulation,
                formula,
            } = row;
            let difference = match self.allowed {
                Allowed::Difference(_) => {
                    format!("{:+.2}  ", simulation - formula)
                }
                _ => format!("{:+.1} %", 100.0 * (simulation / formula - 1.0)),
            };
            let (left, right) = (digits(*simulation), digits(*formula));
            write!(f, "  {what:<38} {left:>10} {right:>10}")?;
            writeln!(f, " {difference:>10}")?;
        }
        Ok(())
    }
}

/// Four digits, or all before the point.
fn digits(value: f64) -> String {
    let places = [(1000.0, 0), (100.0, 1), (10.0, 2), (1.0, 3)];
    let fits = places.iter().find(|(least, _)| value.abs() >= *least);
    let places = fits.map_or(4, |(_, places)| *places);
    format!("{value:.places$}")
}

type Measure = fn() -> &'static Group;

/// The whole table: what agrees, then what is only shown.
pub fn whole<const N: usize, const M: usize>(
    groups: [Measure; N],
    shown: [Measure; M],
) -> String {
    let header = format!(
        "  {:<38} {:>10} {:>10} {:>10}\n",
        "model", "simulation", "formula", "difference"
    );
    let groups = groups.into_iter().chain(shown);
    let groups = groups.map(|group| format!("\n{}", group()));
    header + &groups.collect::<String>()
}

/// Compares with the file that the book prints, or writes it if asked to.
pub fn compare_with_file(table: &str) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("tests").join("agreement.txt");
    if std::env::var_os("WRITE_AGREEMENT").is_some() {
        return Ok(std::fs::write(path, table)?);
    }
    // git may have made the line ends those of the system.
    let file = std::fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut lines = table.lines().zip(file.lines());
    let other = lines.find(|(new, old)| new != old);
    if other.is_none() && table.lines().count() == file.lines().count() {
        return Ok(());
    }
    let (new, old) = other.unwrap_or(("another number of lines", ""));
    let path = path.display();
    Err(format!(
        "{path} is not what the models say now:\n  is  {old}\n  now {new}\n\
         If the change is meant: WRITE_AGREEMENT=1 cargo test --test agree \
         agree_table"
    )
    .into())
}
