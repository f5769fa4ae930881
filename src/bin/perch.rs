//! The program `perch`: hands its arguments and streams to the command line.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use perch::cli::program::{Streams, run};
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut input, mut output, mut errors) =
        (std::io::stdin().lock(), std::io::stdout().lock(), std::io::stderr().lock());
    match run(&arguments, &mut Streams { input: &mut input, output: &mut output, errors: &mut errors }) {
        Ok(code) => code.into(),
        // Nobody reads any more (`perch check … | head`).
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0.into(),
        Err(error) => {
            eprintln!("perch: {error}");
            1.into()
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
