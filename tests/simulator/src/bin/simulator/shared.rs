//! The one simulated X that all connections share, and the bell that rings when it changed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use perch_simulator::Simulator;
use tokio::sync::watch;

use crate::clock::now_ms;
use crate::outbound::Outbound;
use crate::storm::Storm;

#[derive(Clone)]
pub struct Shared {
    x: Arc<Mutex<Simulator>>,
    bell: watch::Sender<u64>,
    pub outbound: Outbound,
    pub storm: Storm,
}

impl Shared {
    pub fn new(x: Simulator) -> Self {
        Self {
            x: Arc::new(Mutex::new(x)),
            bell: watch::Sender::new(0),
            outbound: Outbound::new(),
            storm: Storm::default(),
        }
    }

    /// Does something to X at the real time, and rings.
    pub fn change<T>(&self, act: impl FnOnce(&mut Simulator, u64) -> T) -> T {
        let done = act(&mut self.lock(), now_ms());
        self.bell.send_modify(|rings| *rings += 1);
        done
    }

    /// Looks without ringing.
    pub fn look<T>(&self, read: impl FnOnce(&Simulator, u64) -> T) -> T {
        read(&self.lock(), now_ms())
    }

    /// Takes what is due; who rings for that would wake itself.
    pub fn quietly<T>(&self, act: impl FnOnce(&mut Simulator, u64) -> T) -> T {
        act(&mut self.lock(), now_ms())
    }

    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Simulator> {
        self.x.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
