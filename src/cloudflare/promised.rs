//! A promise, awaited. One function takes what all of them become: closures for each would cost more than the rest of a crossing.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/cloudflare/crossing.js")]
extern "C" {
    fn settle(promise: &Promise, place: usize, take: &JsValue);
}

pub fn promised(promise: &impl AsRef<JsValue>) -> Promised {
    let place = OPEN.with_borrow_mut(|open| match open.iter().position(|one| matches!(one, Open::Free)) {
        Some(place) => place,
        None => {
            open.push(Open::Free);
            open.len() - 1
        }
    });
    put(place, Open::Waiting(None));
    TAKE.with(|take| settle(promise.as_ref().unchecked_ref(), place, take));
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
    /// Our own function, which belongs to no request.
    static TAKE: JsValue = Closure::<dyn Fn(usize, JsValue, bool)>::new(take).into_js_value();
}

fn take(place: usize, value: JsValue, is_kept: bool) {
    // Of what was left nothing is kept.
    if let Open::Waiting(waker) = put(place, Open::Free) {
        put(place, Open::Settled(if is_kept { Ok(value) } else { Err(value) }));
        waker.into_iter().for_each(Waker::wake);
    }
}

/// Gives what stood there before.
fn put(place: usize, now: Open) -> Open {
    OPEN.with_borrow_mut(|open| match open.get_mut(place) {
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
                self.is_over = true;
                Poll::Ready(result)
            }
            _ => Poll::Pending,
        }
    }
}

impl Drop for Promised {
    fn drop(&mut self) {
        if !self.is_over {
            put(self.place, Open::Left);
        }
    }
}
