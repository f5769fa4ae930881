//! X on this computer: its API, its deliveries, and a phone in the browser.

mod acts;
mod api;
mod clock;
mod courier;
mod demo;
mod in_public;
mod log;
mod options;
mod outbound;
mod phone;
mod plan;
mod shared;
mod storm;
mod switches;
mod view;
mod weather;

use std::io::ErrorKind;
use std::process::ExitCode;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use options::Asked;
use shared::Shared;

#[tokio::main]
async fn main() -> ExitCode {
    match options::read(std::env::args().skip(1)) {
        Ok(Asked::Help) => {
            println!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Asked::Run { port }) => run(port).await,
        Err(mistake) => {
            eprintln!("{mistake}\n\n{}", options::HELP);
            ExitCode::from(2)
        }
    }
}

async fn run(port: u16) -> ExitCode {
    // This computer alone: whoever reaches the port can speak for every customer.
    let listener = match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            eprintln!("port {port} is taken by another program; try: simulator --port {}", port.saturating_add(10));
            return ExitCode::FAILURE;
        }
        Err(error) => {
            eprintln!("cannot listen on port {port}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let port = listener.local_addr().map_or(port, |address| address.port());
    let x = Shared::new(demo::cast(options::keys()));
    tokio::spawn(courier::deliver(x.clone()));
    tokio::spawn(courier::challenge(x.clone()));
    let house = Router::new()
        .merge(phone::routes())
        .merge(acts::routes())
        .merge(weather::routes())
        .fallback(api::call)
        .with_state(x);
    log::line(format_args!("X is simulated on http://127.0.0.1:{port}/ - the phone is there too."));
    tokio::select! {
        served = axum::serve(listener, house) => match served {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the server ended: {error}");
                ExitCode::FAILURE
            }
        },
        // Open event streams would keep a patient shutdown waiting for ever.
        () = told_to_stop() => ExitCode::SUCCESS,
    }
}

async fn told_to_stop() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
