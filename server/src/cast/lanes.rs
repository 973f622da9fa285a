//! What waits for verification: ballots in a lane for each tenant, posted challenges apart.
//!
//! Lanes are served in turn, so that one tenant's rush does not make others wait for all of it. When
//! everything is full, a tenant with a shorter lane takes the place of the newest in the longest.
//! Anyone may post challenges, without a session: they have a small queue of their own, and with
//! each batch of ballots only a few of them are looked at.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Where something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane<K> {
    /// Ballots of a tenant.
    Ballots(K),
    /// Posted challenges of all tenants.
    Challenges,
}

/// How much may wait and be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Ballots that may wait.
    pub(super) ballots: usize,
    /// Challenges that may wait.
    pub(super) challenges: usize,
    /// Ballots taken at once.
    pub(super) ballot_batch: usize,
    /// Challenges taken with them.
    pub(super) challenge_batch: usize,
}

/// Ballots, and the challenges after them.
pub(super) type Batch<T> = (Vec<T>, Vec<T>);

/// The queue. Its methods may be called from any thread.
pub(super) struct Lanes<K, T> {
    sizes: Sizes,
    waiting: Mutex<Waiting<K, T>>,
    arrived: Condvar,
}

struct Waiting<K, T> {
    /// Never empty ones; the first is served next.
    lanes: VecDeque<(K, VecDeque<T>)>,
    ballots: usize,
    challenges: VecDeque<T>,
    closed: bool,
}

impl<K: Copy + Eq, T> Lanes<K, T> {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            waiting: Mutex::new(Waiting {
                lanes: VecDeque::new(),
                ballots: 0,
                challenges: VecDeque::new(),
                closed: false,
            }),
            arrived: Condvar::new(),
        }
    }

    // Every change below is complete before anything can panic.
    fn lock(&self) -> MutexGuard<'_, Waiting<K, T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues `item`. Gives what has no place: `item` itself, or what it took the place of.
    #[must_use]
    pub(super) fn push(&self, lane: Lane<K>, item: T) -> Option<T> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Some(item);
        }
        let lost = match lane {
            Lane::Challenges if waiting.challenges.len() >= self.sizes.challenges => Some(item),
            Lane::Challenges => {
                waiting.challenges.push_back(item);
                None
            }
            Lane::Ballots(key) if waiting.ballots >= self.sizes.ballots => {
                waiting.push_in_place(key, item)
            }
            Lane::Ballots(key) => {
                waiting.push(key, item);
                None
            }
        };
        drop(waiting);
        self.arrived.notify_one();
        lost
    }

    /// Waits until there is something. False once the queue is closed and empty.
    pub(super) fn wait(&self) -> bool {
        let mut waiting = self.lock();
        loop {
            if waiting.ballots > 0 || !waiting.challenges.is_empty() {
                return true;
            }
            if waiting.closed {
                return false;
            }
            let woken = self.arrived.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a whole batch of ballots waits.
    pub(super) fn is_crowded(&self) -> bool {
        self.lock().ballots >= self.sizes.ballot_batch
    }

    /// Takes what is next: ballots from all lanes in turn, then a few challenges.
    pub(super) fn take(&self) -> Batch<T> {
        let mut waiting = self.lock();
        let mut ballots = Vec::with_capacity(waiting.ballots.min(self.sizes.ballot_batch));
        while ballots.len() < self.sizes.ballot_batch
            && let Some(item) = waiting.pop()
        {
            ballots.push(item);
        }
        let few = waiting.challenges.len().min(self.sizes.challenge_batch);
        let challenges = waiting.challenges.drain(..few).collect();
        (ballots, challenges)
    }

    /// Takes no more; what waits can still be taken.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_all();
    }
}

impl<K: Copy + Eq, T> Waiting<K, T> {
    fn push(&mut self, key: K, item: T) {
        self.ballots += 1;
        match self.lanes.iter_mut().find(|(other, _)| *other == key) {
            Some((_, lane)) => lane.push_back(item),
            None => self.lanes.push_back((key, VecDeque::from([item]))),
        }
    }

    /// The newest of the longest lane makes room, unless this lane would be as long then.
    fn push_in_place(&mut self, key: K, item: T) -> Option<T> {
        let own = self.lanes.iter().find(|(other, _)| *other == key);
        let own = own.map_or(0, |(_, lane)| lane.len());
        let longest = self.lanes.iter_mut().max_by_key(|(_, lane)| lane.len());
        let lost = match longest {
            Some((_, lane)) if own + 1 < lane.len() => lane.pop_back(),
            _ => None,
        };
        if lost.is_none() {
            return Some(item);
        }
        self.ballots -= 1;
        self.push(key, item);
        lost
    }

    /// The oldest of the lane whose turn it is.
    fn pop(&mut self) -> Option<T> {
        let (key, mut lane) = self.lanes.pop_front()?;
        let item = lane.pop_front()?;
        self.ballots -= 1;
        if !lane.is_empty() {
            self.lanes.push_back((key, lane));
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes() -> Lanes<char, u32> {
        Lanes::new(Sizes {
            ballots: 8,
            challenges: 2,
            ballot_batch: 4,
            challenge_batch: 1,
        })
    }

    #[test]
    fn lanes_are_served_in_turn_each_in_its_order() {
        let lanes = lanes();
        for n in 0..6 {
            assert_eq!(lanes.push(Lane::Ballots('a'), n), None);
        }
        assert_eq!(lanes.push(Lane::Ballots('b'), 10), None);
        assert_eq!(lanes.push(Lane::Ballots('b'), 11), None);
        assert!(lanes.is_crowded());
        assert_eq!(lanes.take().0, [0, 10, 1, 11]);
        assert_eq!(lanes.take().0, [2, 3, 4, 5]);
        assert!(lanes.take().0.is_empty());
    }

    #[test]
    fn who_fills_the_queue_does_not_keep_others_out() {
        let lanes = lanes();
        for n in 0..8 {
            assert_eq!(lanes.push(Lane::Ballots('a'), n), None);
        }
        assert_eq!(lanes.push(Lane::Ballots('a'), 8), Some(8), "it is full");
        // Another tenant takes its share, and no more.
        let lost: Vec<_> = (10..15)
            .map(|n| lanes.push(Lane::Ballots('b'), n))
            .collect();
        assert_eq!(lost, [Some(7), Some(6), Some(5), Some(4), Some(14)]);
        assert_eq!(lanes.take().0, [0, 10, 1, 11]);
        assert_eq!(lanes.take().0, [2, 12, 3, 13]);
    }

    #[test]
    fn challenges_take_no_place_and_little_time_from_ballots() {
        let lanes = lanes();
        for n in 0..2 {
            assert_eq!(lanes.push(Lane::Challenges, 100 + n), None);
        }
        assert_eq!(lanes.push(Lane::Challenges, 102), Some(102));
        for n in 0..8 {
            assert_eq!(lanes.push(Lane::Ballots('a'), n), None);
        }
        assert_eq!(lanes.take(), (vec![0, 1, 2, 3], vec![100]));
        assert_eq!(lanes.take(), (vec![4, 5, 6, 7], vec![101]));
    }

    #[test]
    fn a_closed_queue_is_emptied_and_then_ends() {
        let lanes = lanes();
        assert_eq!(lanes.push(Lane::Ballots('a'), 1), None);
        assert_eq!(lanes.push(Lane::Challenges, 2), None);
        lanes.close();
        assert_eq!(lanes.push(Lane::Ballots('a'), 3), Some(3));
        assert!(lanes.wait());
        assert_eq!(lanes.take(), (vec![1], vec![2]));
        assert!(!lanes.wait());
    }
}
