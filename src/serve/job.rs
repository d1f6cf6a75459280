//! What is under way: in goes work that somebody may lose interest in, out
//! comes its end, and at the end of the server the end of it all.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

type Stop = Box<dyn FnOnce() + Send>;

/// Shared by the one who works and the one who may lose interest.
#[derive(Clone, Default)]
pub(super) struct Job(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    #[default]
    Idle,
    Stoppable(Stop),
    CalledOff,
}

impl Job {
    /// From now on `stop` is what ends the work; it is called at once if
    /// the work has been called off already.
    pub(super) fn on_call_off(&self, stop: impl FnOnce() + Send + 'static) {
        let mut state = lock(&self.0);
        match *state {
            State::CalledOff => stop(),
            _ => *state = State::Stoppable(Box::new(stop)),
        }
    }

    /// Ends the work, now or as soon as it has begun.
    pub(super) fn call_off(&self) {
        let before = std::mem::replace(&mut *lock(&self.0), State::CalledOff);
        if let State::Stoppable(stop) = before {
            stop();
        }
    }
}

/// All jobs of a server.
#[derive(Default)]
pub(super) struct Jobs {
    running: Mutex<Running>,
    fewer: Condvar,
}

#[derive(Default)]
struct Running {
    jobs: HashMap<u64, Job>,
    next: u64,
}

/// A job's place among the others, until it is dropped.
pub(super) struct Place {
    jobs: Arc<Jobs>,
    id: u64,
    pub job: Job,
}

impl Jobs {
    /// A place, unless there are `most` taken already.
    pub(super) fn begin(self: &Arc<Jobs>, most: usize) -> Option<Place> {
        let mut running = lock(&self.running);
        if running.jobs.len() >= most {
            return None;
        }
        let (id, job) = (running.next, Job::default());
        running.next += 1;
        running.jobs.insert(id, job.clone());
        let jobs = self.clone();
        Some(Place { jobs, id, job })
    }

    /// Calls everything off and waits until it has ended, but not for ever.
    pub(super) fn end(&self) {
        let jobs: Vec<_> = lock(&self.running).jobs.values().cloned().collect();
        jobs.iter().for_each(Job::call_off);
        let patience = Duration::from_secs(3);
        let running = lock(&self.running);
        let some = |running: &mut Running| !running.jobs.is_empty();
        // Whether in time or not: there is nothing more to be done here.
        drop(self.fewer.wait_timeout_while(running, patience, some));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.jobs.running).jobs.remove(&self.id);
        self.jobs.fewer.notify_all();
    }
}

/// A panic elsewhere leaves what is in here as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn it_ends_whether_called_off_before_or_after() {
        let stopped = Arc::new(AtomicUsize::new(0));
        let stop = || {
            let stopped = stopped.clone();
            move || {
                stopped.fetch_add(1, Ordering::SeqCst);
            }
        };
        let job = Job::default();
        job.on_call_off(stop());
        job.call_off();
        assert_eq!(stopped.load(Ordering::SeqCst), 1);
        job.call_off();
        assert_eq!(stopped.load(Ordering::SeqCst), 1);
        job.on_call_off(stop());
        assert_eq!(stopped.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn places_are_few_and_the_end_waits_for_them() {
        let jobs = Arc::new(Jobs::default());
        let first = jobs.begin(2);
        let second = jobs.begin(2);
        assert!(second.is_some());
        assert!(jobs.begin(2).is_none());
        drop(second);
        let again = jobs.begin(2);
        assert!(again.is_some());

        let works = std::thread::spawn(move || {
            let (ended, wait) = std::sync::mpsc::channel();
            for place in [&first, &again].into_iter().flatten() {
                let ended = ended.clone();
                place.job.on_call_off(move || {
                    let _ = ended.send(());
                });
            }
            wait.iter().take(2).count()
        });
        jobs.end();
        assert_eq!(works.join().ok(), Some(2));
        assert!(lock(&jobs.running).jobs.is_empty());
    }
}
