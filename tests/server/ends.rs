//! An end before the beginning: the server is stopped while it builds.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::safety::wait_until;

/// The pages are built in folders of their own, which nobody else removes.
#[tokio::test]
async fn an_interrupt_while_the_book_is_built_leaves_no_folder() -> Result<()> {
    for signal in ["-TERM", "-INT"] {
        let (my, temporary) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let folders = || fs::read_dir(temporary.path()).map(Iterator::count);
        // A shell in the background hands on that SIGINT is ignored.
        let mut server = Command::new("env")
            .args(["--default-signal=INT,TERM", env!("CARGO_BIN_EXE_wire")])
            .args(["serve", "--no-open", "--port", "0"])
            .env("WIRE_MY", my.path())
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::null())
            .spawn()?;
        wait_until(|| folders().is_ok_and(|count| count == 2)).await?;
        let kill = Command::new("kill")
            .args([signal, &server.id().to_string()])
            .status()?;
        assert!(kill.success());
        let status = server.wait()?;
        assert_eq!(folders()?, 0, "{signal}: {status}");
    }
    Ok(())
}
