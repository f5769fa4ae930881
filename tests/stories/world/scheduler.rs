//! Runs futures one step at a time, in an order that a seed decides: how races are shown without threads or sleeps.

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

/// Runs all of them; a task that `died` says yes to is dropped in mid-step, as an isolate is.
pub fn run(mut tasks: Vec<Task>, order: Order, mut died: impl FnMut(usize) -> bool) {
    let mut dice = match order {
        Order::OneByOne => 0,
        Order::Shuffled(seed) => seed | 1,
    };
    while !tasks.is_empty() {
        let index = match order {
            Order::OneByOne => 0,
            Order::Shuffled(_) => {
                // xorshift: any order will do, as long as the seed alone decides it.
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                usize::try_from(dice % u64::try_from(tasks.len()).unwrap()).unwrap()
            }
        };
        let task = &mut tasks[index];
        let ready = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        if died(task.name) || ready {
            drop(tasks.remove(index));
        }
    }
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
