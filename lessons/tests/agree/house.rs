//! What makes a comparison worth something: the two sides do not know each
//! other, and the same seed is the same run.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::link::{Queue, Settings, Way};
use lessons::sim::MILLISECOND;
use lessons::sim::chance::hash;
use lessons::sim::tcp::{Flow, Kind, Limits, Setup, run};
use lessons::sim::trace::Trace;

use crate::Result;

#[test]
fn agree_by_themselves_for_no_model_knows_a_formula() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut models = Vec::new();
    walk(&folder.join("sim"), &mut models)?;
    assert!(models.len() > 15, "{models:?}");
    for path in models {
        let text = fs::read_to_string(&path)?;
        assert!(!text.contains("formulas::"), "{}", path.display());
        assert!(!text.contains("use crate::formulas"), "{}", path.display());
    }
    let mut formulas = vec![folder.join("formulas.rs")];
    walk(&folder.join("formulas"), &mut formulas)?;
    for path in formulas {
        let text = fs::read_to_string(&path)?;
        assert!(!text.contains("crate::sim"), "{}", path.display());
    }
    Ok(())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Every packet of three different flows, hashed: this number is the same on
/// every system, or a float has decided what it must not.
#[test]
fn agree_with_any_other_system_on_every_packet() -> Result<()> {
    let way = Way {
        delay: 15 * MILLISECOND,
        jitter: MILLISECOND,
        rate: Some(8_000_000),
        queue: Queue::Bytes(40_000),
        loss: 0.003,
        ..Way::default()
    };
    let kinds = [Kind::Reno, Kind::Cubic, Kind::BbrLike];
    let flows = kinds.map(|kind| Flow { kind, start: 0 });
    let setup = Setup {
        link: Settings {
            up: way.clone(),
            down: way,
            seed: 7,
        },
        flows: flows.into(),
        smss: 1448,
        limits: Limits::RFC,
        selective: true,
        duration: 20_000 * MILLISECOND,
        measure_from: 0,
        sample_every: 100 * MILLISECOND,
    };
    let report = run(&setup, Trace::first(1_000_000))?;
    let steps = report.trace.steps();
    let sum = steps.iter().fold(0, |sum, step| {
        let what = step.what as u64 * 16 + u64::from(step.flow);
        hash(hash(hash(sum, step.at), step.number), what)
    });
    assert_eq!(report, run(&setup, Trace::first(1_000_000))?);
    assert_eq!((steps.len(), sum), (67513, 3713179233333235547));
    Ok(())
}
