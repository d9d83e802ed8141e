//! The command line: arguments → run → exit code.

mod cli;

use std::process::ExitCode;

use sayso::Error;

fn main() -> ExitCode {
    silence_workers();
    match cli::run() {
        Ok(cli::Exit::Done) => ExitCode::SUCCESS,
        Ok(cli::Exit::SomeFailed) => ExitCode::from(1),
        Err(Error::ClosedPipe) => ExitCode::SUCCESS,
        Err(error) => {
            cli::say(cli::About::Error, &error.to_string());
            ExitCode::from(2)
        }
    }
}

/// A panic in a worker is reported as the failure of its document, with its id: not a second time here.
fn silence_workers() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let current = std::thread::current();
        if !current.name().is_some_and(|name| name.starts_with(sayso::run::WORKER)) {
            default(panic);
        }
    }));
}
