//! The order in which tasks take their steps: how races are shown without threads or sleeps.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Which of the runnable tasks takes the next step.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// Each task to its end before the next starts.
    OneByOne,
    /// Any of them, as the seed has it.
    Shuffled(u64),
}

pub struct Task {
    pub name: usize,
    pub future: Pin<Box<dyn Future<Output = ()>>>,
}

/// A number that the seed alone decides.
pub struct Dice(u64);

impl Dice {
    pub fn new(order: Order) -> Self {
        match order {
            Order::OneByOne => Self(0),
            // xorshift must not start from nothing, and two seeds must not start alike.
            Order::Shuffled(seed) => Self(seed.wrapping_mul(2).wrapping_add(1)),
        }
    }

    /// The index of the one whose turn it is: the first, where the order is one by one.
    pub fn pick(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(count).unwrap()).unwrap()
    }
}

/// One step; whether the task is at its end.
pub fn step(task: &mut Task) -> bool {
    task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// Lets somebody else take a step.
pub async fn give_way() {
    let mut given = false;
    std::future::poll_fn(move |_| {
        if given {
            return Poll::Ready(());
        }
        given = true;
        Poll::Pending
    })
    .await;
}
