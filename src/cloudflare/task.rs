//! A future that the runtime waits for. What wakes it polls it there and then: a turn of the runtime's loop sooner than a queue
//! would, and never within another request.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::prelude::*;

pub type Done = Result<JsValue, JsValue>;

type Work<T> = Pin<Box<dyn Future<Output = T>>>;

#[wasm_bindgen]
extern "C" {
    /// A promise with the functions that settle it.
    type Deferred;

    #[wasm_bindgen(js_namespace = Promise, js_name = withResolvers)]
    fn deferred() -> Deferred;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Deferred) -> JsValue;

    #[wasm_bindgen(method)]
    fn resolve(this: &Deferred, value: &JsValue);

    #[wasm_bindgen(method)]
    fn reject(this: &Deferred, error: &JsValue);
}

/// What it comes to where it waits for nothing, else a promise of it.
pub fn run(work: impl Future<Output = Done> + 'static) -> Done {
    let place = Place::free();
    let waker = Waker::from(Arc::new(place));
    let mut work: Work<Done> = Box::pin(work);
    if let Poll::Ready(done) = place.poll(&waker, &mut work) {
        return done;
    }
    let deferred = deferred();
    let promise = deferred.promise();
    let told = async move {
        match work.await {
            Ok(value) => deferred.resolve(&value),
            Err(error) => deferred.reject(&error),
        }
    };
    place.put(At::Resting(Box::pin(told), waker));
    Ok(promise)
}

/// Where a task stands until it is done. Another may stand there later; being polled for nothing does it no harm.
#[derive(Clone, Copy)]
struct Place(usize);

enum At {
    Free,
    Resting(Work<()>, Waker),
    Polled { is_woken: bool },
}

thread_local! {
    static ALL: RefCell<Vec<At>> = const { RefCell::new(Vec::new()) };
    /// Where the runtime drops a request all the same, though it was told to wait (`entry.js`), its place stays taken.
    static FREE: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

impl Place {
    fn free() -> Self {
        FREE.with_borrow_mut(Vec::pop).unwrap_or_else(|| {
            ALL.with_borrow_mut(|all| {
                all.push(At::Free);
                Self(all.len() - 1)
            })
        })
    }

    /// Gives what stood there before.
    fn put(self, now: At) -> At {
        ALL.with_borrow_mut(|all| match all.get_mut(self.0) {
            Some(at) => std::mem::replace(at, now),
            None => At::Free,
        })
    }

    /// Until it is done, or waits for something.
    fn poll<T>(self, waker: &Waker, work: &mut Work<T>) -> Poll<T> {
        loop {
            self.put(At::Polled { is_woken: false });
            let polled = work.as_mut().poll(&mut Context::from_waker(waker));
            let is_woken = matches!(self.put(At::Free), At::Polled { is_woken: true });
            if polled.is_ready() {
                FREE.with_borrow_mut(|free| free.push(self));
            }
            if polled.is_ready() || !is_woken {
                return polled;
            }
        }
    }
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        match self.put(At::Polled { is_woken: true }) {
            At::Resting(mut work, waker) => {
                if self.poll(&waker, &mut work).is_pending() {
                    self.put(At::Resting(work, waker));
                }
            }
            At::Polled { .. } => {}
            At::Free => drop(self.put(At::Free)),
        }
    }
}
