//! What the check does with the program itself: starts it, kills it, tells
//! how it died, and says when there can be no verdict.

use std::io::Read;
use std::net::TcpListener;
#[cfg(unix)]
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use wire::check::{
    self, Error, Event, Exercise, Failure, Interrupt, Role, State, Target,
    Verdict,
};

use crate::programs;

fn judge(
    number: u8,
    target: &Target,
    interrupt: &Interrupt,
) -> (Result<Verdict, Error>, Vec<State>) {
    let exercise = check::exercise(number).unwrap();
    let mut states = Vec::new();
    let mut see = |event| {
        if let Event::Step(report) = event {
            states.push(report.state);
        }
    };
    let verdict = check::judge(exercise, target, 1, interrupt, &mut see);
    (verdict, states)
}

fn failure(states: &[State]) -> &Failure {
    let failure = states.iter().find_map(|state| match state {
        State::Failed(failure) => Some(failure),
        _ => None,
    });
    failure.expect("a step must fail")
}

#[test]
fn a_program_that_does_not_exist_gives_no_verdict() {
    let target = Target::Command(vec!["no-such-program".into()]);
    let (verdict, states) = judge(7, &target, &Interrupt::default());
    assert!(matches!(verdict, Err(Error::CannotStart { .. })));
    assert!(states.is_empty());
    assert!(verdict.unwrap_err().to_string().contains("no-such-program"));
}

#[test]
fn a_client_cannot_be_judged_at_an_address() {
    let client = Exercise {
        number: 99,
        title: "a client",
        role: Role::Client,
        steps: &[],
        after: None,
        words: &[],
        hint: &[],
    };
    let target = Target::Address("127.0.0.1:1".parse().unwrap());
    let interrupt = Interrupt::default();
    let verdict = check::judge(&client, &target, 1, &interrupt, &mut |_| {});
    assert!(matches!(verdict, Err(Error::ClientAtAddress)));
}

#[test]
fn a_server_that_never_listens_fails_with_its_last_words() {
    let command = vec![env!("CARGO").into(), "no-such-command".into()];
    let (verdict, states) =
        judge(7, &Target::Command(command), &Interrupt::default());
    let verdict = verdict.unwrap();
    assert_eq!((verdict.tried, verdict.ok, verdict.exit_code()), (1, 0, 1));
    let died = failure(&states).died.as_ref().unwrap();
    assert!(died.contains("no-such-command"), "{died}");
    assert_eq!(states[1], State::NotReached);
}

#[test]
fn a_server_that_dies_is_told_with_its_exit_status() {
    programs::build_binaries();
    let file = "exercises/wrong/exercise7-first-error-ends-all.rs";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let command = vec![programs::binary(&file).into()];
    let (verdict, states) =
        judge(7, &Target::Command(command), &Interrupt::default());
    assert!(!verdict.unwrap().passed());
    let failure = failure(&states);
    let died = failure.died.as_ref().unwrap();
    assert!(died.contains('1') && died.contains("InvalidData"), "{died}");
    assert!(failure.likely.contains("ended the whole server"));
}

#[test]
fn a_running_server_is_judged_where_it_is() {
    // This one accepts, and ends each conversation at once.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().for_each(drop));
    let target = Target::Address(address);
    let (verdict, states) = judge(1, &target, &Interrupt::default());
    assert_eq!(verdict.unwrap().tried, 1);
    assert_eq!(failure(&states).died, None);
}

#[test]
fn an_interrupt_ends_a_check_within_a_moment() {
    // Accepts, and says nothing: without the interrupt it takes 5 s to fail.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = Target::Address(listener.local_addr().unwrap());
    let interrupt = Interrupt::default();
    let begun = Instant::now();
    let (verdict, states) = thread::scope(|scope| {
        let check = scope.spawn(|| judge(1, &target, &interrupt));
        // Once the first line has come, the check waits for its answer.
        let mut client = listener.accept().unwrap().0;
        client.read_exact(&mut [0; 4]).unwrap();
        interrupt.set();
        check.join().unwrap()
    });
    assert!(matches!(verdict, Err(Error::Interrupted)), "{verdict:?}");
    assert!(states.is_empty());
    assert!(begun.elapsed() < Duration::from_secs(4));
}

/// A shell that writes its address to `note` and starts the solution as a
/// child of its own: killing the shell alone would leave it behind.
#[cfg(unix)]
fn shell(note: &Path) -> Target {
    let script = "printf %s \"$2\" > \"$0\"; \"$1\" \"$2\" & wait";
    Target::Command(vec![
        "sh".into(),
        "-c".into(),
        script.into(),
        note.into(),
        programs::solution(1),
    ])
}

#[cfg(unix)]
#[test]
fn nothing_runs_on_after_the_verdict_or_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("address");
    let exercise = check::exercise(1).unwrap();
    let interrupt = Interrupt::default();
    let target = shell(&note);
    let run = |see: &mut dyn FnMut(Event)| {
        check::judge(exercise, &target, 1, &interrupt, see)
    };
    let is_served = || {
        let address = std::fs::read_to_string(&note).unwrap();
        TcpStream::connect(address.parse::<SocketAddr>().unwrap()).is_ok()
    };
    let mut was_served = false;
    let verdict = run(&mut |event| {
        was_served |= matches!(event, Event::Step(_)) && is_served();
    });
    assert!(was_served && verdict.unwrap().passed());
    // The signal is sent, and the shell is dead. Its child is not ours to
    // wait for.
    let soon_gone = || {
        let until = Instant::now() + Duration::from_secs(5);
        while is_served() && Instant::now() < until {
            thread::sleep(Duration::from_millis(10));
        }
        !is_served()
    };
    assert!(soon_gone());

    let panicking = std::panic::AssertUnwindSafe(|| {
        run(&mut |event| {
            assert!(!matches!(event, Event::Step(_)), "on purpose");
        })
    });
    assert!(std::panic::catch_unwind(panicking).is_err());
    assert!(soon_gone());
}
