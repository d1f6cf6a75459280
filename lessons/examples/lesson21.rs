//! Lesson 21: a fast sender must feel a slow reader.
//!
//!     cargo run --example lesson21
//!
//! A reader that does not read stops the sender, until it reads. A queue in
//! between can carry that on, or swallow it: then the queue pays.
// house: allow length: the same stop in a socket, in a queue and in numbers.
// wire: streams, 8 bytes: how the bytes are cut is the window's business.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

type Message = [u8; 1024];

const MESSAGES: usize = 200;
const ALL: usize = MESSAGES * size_of::<Message>();
/// What the receiving kernel is asked to hold, in bytes.
const BUFFER: usize = 8 * 1024;
/// More than two kernels hold of one connection with such buffers.
const TOO_MUCH: usize = 64 << 20;
/// Messages that a bounded queue holds.
const BOUND: usize = 8;

fn main() -> io::Result<()> {
    println!("a reader that does not read");
    shut_and_open()?;
    println!("a bounded queue behind the reader");
    bounded()?;
    println!("an unbounded queue behind the reader");
    unbounded()?;
    println!("a message each ms, and 3 ms of work for each");
    count("bounded", Some(BOUND));
    count("unbounded", None);
    Ok(())
}

// ANCHOR: window
fn shut_and_open() -> io::Result<()> {
    let (mut sender, mut reader) = connected_pair()?;
    sender.set_nonblocking(true)?;
    let mut fitted = 0;
    let stopped = loop {
        match sender.write(&[b'a'; size_of::<Message>()]) {
            // Whoever never stops us would take anything.
            Ok(n) if fitted < TOO_MUCH => fitted += n,
            Ok(_) => break false,
            // Not a failure: there is no room for one more byte.
            Err(error) if error.kind() == ErrorKind::WouldBlock => break true,
            Err(error) => return Err(error),
        }
    };
    println!("  [sender] must stop: {stopped}");
    eprintln!("(on this system {fitted} bytes fitted in)");

    // The same again, by a write that may wait; and the reader takes a rest,
    // in which the kernel asks whether the window is still shut.
    sender.set_nonblocking(false)?;
    let sending = thread::spawn(move || send_all(sender, fitted));
    // house: allow sleep: it is the reader's slowness; no order depends on it.
    thread::sleep(Duration::from_millis(900));
    println!("  [sender] waits to go on: {}", !sending.is_finished());
    let read = reader.read_to_end(&mut Vec::new())?;
    joined(sending)?;
    println!("  [reader] reads, and all comes: {}", read == 2 * fitted);
    Ok(())
}
// ANCHOR_END: window

// ANCHOR: queues
fn bounded() -> io::Result<()> {
    let (sender, mut reader) = connected_pair()?;
    let sending = thread::spawn(move || send_all(sender, ALL));
    let (queue, work) = mpsc::sync_channel(BOUND);
    let reading = thread::spawn(move || {
        // Full? Then this waits, nobody reads, and the window shuts.
        while let Some(message) = next_message(&mut reader)? {
            queue.send(message).map_err(io::Error::other)?;
        }
        Ok(())
    });
    work.recv().map_err(io::Error::other)?;
    println!("  [sender] done before the work: {}", sending.is_finished());
    println!("  [worker] gets {} messages", 1 + work.iter().count());
    joined(sending)?;
    joined(reading)
}

fn unbounded() -> io::Result<()> {
    let (sender, mut reader) = connected_pair()?;
    let sending = thread::spawn(move || send_all(sender, ALL));
    let (queue, work) = mpsc::channel();
    let reading = thread::spawn(move || {
        // This never waits: what nobody works on is kept.
        while let Some(message) = next_message(&mut reader)? {
            queue.send(message).map_err(io::Error::other)?;
        }
        Ok(())
    });
    let began = Instant::now();
    joined(sending)?;
    let seconds = began.elapsed().as_secs_f64();
    println!("  [sender] done before the work: true");
    eprintln!("({MESSAGES} messages of 1 KiB took {seconds:.2} s)");
    joined(reading)?;
    println!("  [queue]  holds {} messages", work.try_iter().count());
    Ok(())
}
// ANCHOR_END: queues

// ANCHOR: count
/// The same queue in counted time: nothing here depends on a machine.
fn count(name: &str, bound: Option<usize>) {
    const WORK: usize = 3;
    let (mut waiting, mut longest) = (0, 0);
    // When each message in the queue got into it.
    let mut queue = VecDeque::new();
    let mut last_wait = 0;
    let (mut done, mut ms) = (0, 0);
    while done < MESSAGES {
        // What the queue does not take stays with the sender.
        waiting += usize::from(ms < MESSAGES);
        while waiting > 0 && bound.is_none_or(|most| queue.len() < most) {
            queue.push_back(ms);
            waiting -= 1;
        }
        longest = longest.max(queue.len());
        ms += 1;
        if ms % WORK == 0
            && let Some(since) = queue.pop_front()
        {
            last_wait = ms - since;
            done += 1;
        }
    }
    println!("  {name}: {longest} in the queue, the last for {last_wait} ms");
}
// ANCHOR_END: count

/// Writes so many bytes, and waits where it must.
fn send_all(mut sender: TcpStream, bytes: usize) -> io::Result<()> {
    let all = vec![b'b'; bytes];
    let mut pieces = all.chunks(BUFFER);
    pieces.try_for_each(|piece| sender.write_all(piece))
}

/// `None` at the end of the stream.
fn next_message(reader: &mut TcpStream) -> io::Result<Option<Message>> {
    let mut message = [0; size_of::<Message>()];
    match reader.read_exact(&mut message) {
        Ok(()) => Ok(Some(message)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

// ANCHOR: buffers
/// Both ends, with buffers that do not grow.
fn connected_pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Before `listen`: the handshake already tells how far windows will go.
    listener.set_recv_buffer_size(BUFFER)?;
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listener.listen(1)?;
    let sender = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    sender.set_send_buffer_size(2 * BUFFER)?;
    sender.connect(&listener.local_addr()?)?;
    let (reader, _) = listener.accept()?;
    Ok((sender.into(), reader.into()))
}
// ANCHOR_END: buffers

fn joined<T>(thread: JoinHandle<io::Result<T>>) -> io::Result<T> {
    thread
        .join()
        .map_err(|_| io::Error::other("a thread panicked"))?
}
