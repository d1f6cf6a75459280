//! The questions that people really ask, by name: what a system calls the
//! error behind each. The answers stand in `book/src/faq.md`, the programs in
//! `lessons/examples/faq`.

/// A question, and its error if it has one.
#[derive(Debug)]
pub struct Entry {
    /// `wire faq NAME`, and its place on the page.
    pub name: &'static str,
    pub question: &'static str,
    /// What it is called, if anything fails at all: some of the worst
    /// mistakes make no error.
    pub errors: &'static [Fault],
    /// Whether it shows what it says only on a machine without a network.
    pub alone: bool,
}

/// An error as one system and three languages name it.
#[derive(Debug)]
pub struct Fault {
    pub system: System,
    /// In C, such as `ECONNRESET`.
    pub name: &'static str,
    pub number: i32,
    /// `std::io::ErrorKind`; none where Rust has no stable name.
    pub kind: Option<&'static str>,
    /// Python's exception.
    pub python: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Linux,
    MacOs,
    Windows,
}

impl System {
    /// This one, if the book knows it.
    pub fn here() -> Option<System> {
        match std::env::consts::OS {
            "linux" => Some(System::Linux),
            "macos" => Some(System::MacOs),
            "windows" => Some(System::Windows),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            System::Linux => "Linux",
            System::MacOs => "macOS",
            System::Windows => "Windows",
        }
    }
}

/// The entry of that name, if there is one.
pub fn entry(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}

/// A row for each system: name in C, number, `io::ErrorKind` or "", Python.
macro_rules! faults {
    ($($system:ident: $name:literal $number:literal $kind:literal $python:literal;)*) => {{
        const FAULTS: &[Fault] = &[$(Fault {
            system: System::$system,
            name: $name,
            number: $number,
            kind: match $kind.len() { 0 => None, _ => Some($kind) },
            python: $python,
        }),*];
        FAULTS
    }};
}

const REFUSED: &[Fault] = faults! {
    Linux: "ECONNREFUSED" 111 "ConnectionRefused" "ConnectionRefusedError";
    MacOs: "ECONNREFUSED" 61 "ConnectionRefused" "ConnectionRefusedError";
    Windows: "WSAECONNREFUSED" 10061 "ConnectionRefused" "ConnectionRefusedError";
};

const RESET: &[Fault] = faults! {
    Linux: "ECONNRESET" 104 "ConnectionReset" "ConnectionResetError";
    MacOs: "ECONNRESET" 54 "ConnectionReset" "ConnectionResetError";
    Windows: "WSAECONNRESET" 10054 "ConnectionReset" "ConnectionResetError";
};

const fn silent(name: &'static str, question: &'static str) -> Entry {
    with(name, question, &[])
}

const fn with(
    name: &'static str,
    question: &'static str,
    errors: &'static [Fault],
) -> Entry {
    Entry {
        name,
        question,
        errors,
        alone: false,
    }
}

/// All of them, in the order of the page: the three of the article that this
/// course grew out of come first.
pub static ALL: &[Entry] = &[
    with(
        "timeout",
        "How do I set a timeout?",
        faults! {
            Linux: "EAGAIN" 11 "WouldBlock" "TimeoutError";
            MacOs: "EAGAIN" 35 "WouldBlock" "TimeoutError";
            Windows: "WSAETIMEDOUT" 10060 "TimedOut" "TimeoutError";
        },
    ),
    with(
        "peer-gone",
        "How do I notice that the other side has gone?",
        RESET,
    ),
    silent("packet-loss", "What do I do about lost packets?"),
    with(
        "connection-refused",
        "Why is my connection refused?",
        REFUSED,
    ),
    with("connection-reset", "Who has reset my connection?", RESET),
    with(
        "broken-pipe",
        "What is a broken pipe?",
        faults! {
            Linux: "EPIPE" 32 "BrokenPipe" "BrokenPipeError";
            MacOs: "EPIPE" 32 "BrokenPipe" "BrokenPipeError";
            Windows: "WSAECONNABORTED" 10053 "ConnectionAborted" "ConnectionAbortedError";
        },
    ),
    with(
        "address-in-use",
        "Why is the address already in use?",
        faults! {
            Linux: "EADDRINUSE" 98 "AddrInUse" "OSError";
            MacOs: "EADDRINUSE" 48 "AddrInUse" "OSError";
            Windows: "WSAEADDRINUSE" 10048 "AddrInUse" "OSError";
        },
    ),
    with(
        "address-not-available",
        "Why can my server not have this address?",
        faults! {
            Linux: "EADDRNOTAVAIL" 99 "AddrNotAvailable" "OSError";
            MacOs: "EADDRNOTAVAIL" 49 "AddrNotAvailable" "OSError";
            Windows: "WSAEADDRNOTAVAIL" 10049 "AddrNotAvailable" "OSError";
        },
    ),
    with(
        "only-from-here",
        "Why does it work on my machine, but not from another one?",
        REFUSED,
    ),
    with(
        "localhost",
        "Why does `localhost` fail where `127.0.0.1` works?",
        REFUSED,
    ),
    Entry {
        alone: true,
        ..with(
            "no-route",
            "What does “no route to host” mean?",
            faults! {
                Linux: "ENETUNREACH" 101 "NetworkUnreachable" "OSError";
                Linux: "EHOSTUNREACH" 113 "HostUnreachable" "OSError";
                MacOs: "ENETUNREACH" 51 "NetworkUnreachable" "OSError";
                MacOs: "EHOSTUNREACH" 65 "HostUnreachable" "OSError";
                Windows: "WSAENETUNREACH" 10051 "NetworkUnreachable" "OSError";
                Windows: "WSAEHOSTUNREACH" 10065 "HostUnreachable" "OSError";
            },
        )
    },
    silent("half-a-message", "Why do I receive half a message?"),
    silent("split-character", "Why does decoding fail only sometimes?"),
    silent("not-json", "Why is the answer not JSON?"),
    silent("nobody-ends", "Why do both programs wait for ever?"),
    silent("both-write", "Why does it hang with large messages only?"),
    silent("close-wait", "Why are my sockets stuck in CLOSE-WAIT?"),
    with(
        "too-many-open-files",
        "Why are there too many open files?",
        faults! {
            Linux: "EMFILE" 24 "" "OSError";
            MacOs: "EMFILE" 24 "" "OSError";
            Windows: "WSAEMFILE" 10024 "" "OSError";
        },
    ),
    with(
        "would-block",
        "What does “would block” mean?",
        faults! {
            Linux: "EAGAIN" 11 "WouldBlock" "BlockingIOError";
            MacOs: "EAGAIN" 35 "WouldBlock" "BlockingIOError";
            Windows: "WSAEWOULDBLOCK" 10035 "WouldBlock" "BlockingIOError";
        },
    ),
    with(
        "message-too-long",
        "Why is my datagram too long?",
        faults! {
            Linux: "EMSGSIZE" 90 "" "OSError";
            MacOs: "EMSGSIZE" 40 "" "OSError";
            Windows: "WSAEMSGSIZE" 10040 "" "OSError";
        },
    ),
    with(
        "udp-refused",
        "How can UDP be refused, without a connection?",
        faults! {
            Linux: "ECONNREFUSED" 111 "ConnectionRefused" "ConnectionRefusedError";
            MacOs: "ECONNREFUSED" 61 "ConnectionRefused" "ConnectionRefusedError";
            Windows: "WSAECONNRESET" 10054 "ConnectionReset" "ConnectionResetError";
        },
    ),
    with(
        "permission-denied",
        "Why is permission denied?",
        faults! {
            Linux: "EACCES" 13 "PermissionDenied" "PermissionError";
            MacOs: "EACCES" 13 "PermissionDenied" "PermissionError";
            Windows: "WSAEACCES" 10013 "PermissionDenied" "PermissionError";
        },
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io;
    use std::process::Command;

    use super::*;

    fn here() -> impl Iterator<Item = &'static Fault> {
        let all = ALL.iter().flat_map(|entry| entry.errors);
        all.filter(|fault| System::here() == Some(fault.system))
    }

    #[test]
    fn names_are_addresses_and_come_once() {
        assert!(ALL.len() >= 15);
        let mut seen = HashSet::new();
        for Entry { name, errors, .. } in ALL {
            assert!(seen.insert(name), "{name} comes twice");
            let address = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(name.chars().all(address), "{name}");
            let systems: HashSet<_> =
                errors.iter().map(|it| it.system.name()).collect();
            assert!(matches!(systems.len(), 0 | 3), "{name}: {systems:?}");
        }
    }

    #[test]
    fn the_standard_library_names_this_system_s_numbers_so() {
        for Fault { number, kind, .. } in here() {
            let error = io::Error::from_raw_os_error(*number);
            let named = format!("{:?}", error.kind());
            // What has no stable name prints one that cannot be matched.
            let wanted = kind.unwrap_or("Uncategorized");
            assert_eq!(named, wanted, "{number}");
        }
    }

    /// Python makes the exception's class from the number, as we promise.
    #[test]
    fn python_names_this_system_s_numbers_so() {
        let mut script = String::from("import errno\n");
        for fault in here().filter(|it| it.python != "TimeoutError") {
            let Fault {
                name,
                number,
                python,
                ..
            } = fault;
            script += &format!(
                "assert errno.{name} == {number}, '{name}'\n\
                 assert type(OSError({number}, '')).__name__ == '{python}', \
                 '{python}'\n"
            );
        }
        let run = Command::new("python3").args(["-c", &script]).output();
        match run {
            Ok(run) => {
                let said = String::from_utf8_lossy(&run.stderr);
                assert!(run.status.success(), "{said}");
            }
            Err(_) if std::env::var_os("REQUIRE_ALL").is_none() => {
                eprintln!("skipped: there is no python3");
            }
            Err(error) => panic!("python3: {error}"),
        }
    }
}
