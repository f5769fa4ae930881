//! A promise, awaited. One function is told what all of them become: closures for each would cost more than the rest of a crossing.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/cloudflare/crossing.js")]
extern "C" {
    fn settle(promise: &Promise, place: usize);

    /// Another number for every instance of the program.
    fn generation() -> usize;
}

pub fn promised(promise: &impl AsRef<JsValue>) -> Promised {
    let place = FREE.with_borrow_mut(Vec::pop).unwrap_or_else(|| {
        OPEN.with_borrow_mut(|open| {
            open.push(Open::Free);
            first() + open.len() - 1
        })
    });
    put(place, Open::Waiting(None));
    settle(promise.as_ref().unchecked_ref(), place);
    Promised { place, is_over: false }
}

pub struct Promised {
    place: usize,
    is_over: bool,
}

/// What stands at a place. It is given on only when its promise is settled.
enum Open {
    Free,
    Waiting(Option<Waker>),
    Settled(Result<JsValue, JsValue>),
    /// Nobody waits any more; what it becomes is dropped.
    Left,
}

thread_local! {
    static OPEN: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
    /// Where the runtime drops a request with what it waits for, its place stays taken: some bytes for each.
    static FREE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static FIRST: usize = (generation() % GENERATIONS) * (usize::MAX / GENERATIONS);
}

/// After a panic the runtime goes on with a new instance. What the former one waited for comes to places that are nobody's.
const GENERATIONS: usize = 1 << 12;

fn first() -> usize {
    FIRST.with(|first| *first)
}

/// Called by `settle`.
#[wasm_bindgen]
pub fn settled(place: usize, value: JsValue, is_kept: bool) {
    match put(place, Open::Free) {
        Open::Waiting(waker) => {
            put(place, Open::Settled(if is_kept { Ok(value) } else { Err(value) }));
            waker.into_iter().for_each(Waker::wake);
        }
        // Of what was left nothing is kept.
        Open::Left => FREE.with_borrow_mut(|free| free.push(place)),
        Open::Free | Open::Settled(_) => {}
    }
}

/// Gives what stood there before.
fn put(place: usize, now: Open) -> Open {
    OPEN.with_borrow_mut(|open| match open.get_mut(place.wrapping_sub(first())) {
        Some(at) => std::mem::replace(at, now),
        None => Open::Free,
    })
}

impl Future for Promised {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match put(self.place, Open::Waiting(Some(context.waker().clone()))) {
            Open::Settled(result) => {
                put(self.place, Open::Free);
                FREE.with_borrow_mut(|free| free.push(self.place));
                self.is_over = true;
                Poll::Ready(result)
            }
            _ => Poll::Pending,
        }
    }
}

impl Drop for Promised {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Open::Settled(_) = put(self.place, Open::Left) {
            put(self.place, Open::Free);
            FREE.with_borrow_mut(|free| free.push(self.place));
        }
    }
}
