//! The thread on which the servers run, with a runtime of its own.

use std::io;
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// Queries that compute at once; more wait for one of them. Each thread keeps what it once needed for an answer, so
/// that more of them cost memory, and there is seldom a core for a third.
const AT_ONCE: usize = 2;
/// How long an answer under way may take to be finished when everything ends.
const FAREWELL: Duration = Duration::from_millis(200);

/// Serves until dropped.
#[derive(Debug)]
pub(super) struct Serving {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Serving {
    /// Serves each router on its port, which already listens and does not block.
    pub(super) fn start(servers: Vec<(TcpListener, Router)>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(AT_ONCE)
            .thread_name("hospital query")
            .build()?;
        let (stop, stopped) = watch::channel(false);
        // Fails here, where it can be said, and not on the thread.
        let listeners = {
            let _inside = runtime.enter();
            servers
                .into_iter()
                .map(|(listener, router)| Ok((tokio::net::TcpListener::from_std(listener)?, router)))
                .collect::<io::Result<Vec<_>>>()?
        };
        let thread = std::thread::Builder::new()
            .name("hospital".to_owned())
            .spawn(move || run(runtime, listeners, &stopped))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails only when the thread has ended already.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(runtime: Runtime, servers: Vec<(tokio::net::TcpListener, Router)>, stopped: &watch::Receiver<bool>) {
    runtime.block_on(async {
        let mut running = tokio::task::JoinSet::new();
        for (listener, router) in servers {
            let mut stopped = stopped.clone();
            running.spawn(async move {
                let until = async move {
                    // An error means that the sender is gone, which is the same.
                    let _ = stopped.wait_for(|stop| *stop).await;
                };
                // Accepting connections goes on whatever happens to one of them.
                let _ = axum::serve(listener, router).with_graceful_shutdown(until).await;
            });
        }
        let mut stopped = stopped.clone();
        let _ = stopped.wait_for(|stop| *stop).await;
        let _ = tokio::time::timeout(FAREWELL, async { while running.join_next().await.is_some() {} }).await;
    });
    // A query that still computes is left alone; it ends by itself and its answer reaches nobody.
    runtime.shutdown_background();
}
