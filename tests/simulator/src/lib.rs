//! X, simulated.
