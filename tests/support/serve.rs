//! One of our own servers on a loopback port that it keeps while it goes away and comes back.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::http::{runtime, wait_for};

/// A server in the background; dropping it closes its port.
pub struct Server {
    address: SocketAddr,
    router: Router,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Server {
    /// Serves `router` on a free port.
    pub fn start(router: Router) -> Self {
        let listener =
            wait_for(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound address");
        let task = Mutex::new(Some(run(listener, router.clone())));
        Self { address, router, task }
    }

    /// Host and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Closes the port: from now on connections are refused. Connections that are open live on
    /// unless their answers said `connection: close` (see [`close_after`]).
    pub fn close(&self) {
        if let Some(task) = self.task.lock().expect("server").take() {
            task.abort();
            // The port is closed once the task is gone.
            let _ = wait_for(task);
        }
    }

    /// Opens the same port again.
    pub fn open(&self) {
        let mut task = self.task.lock().expect("server");
        if task.is_none() {
            let listener = wait_for(TcpListener::bind(self.address)).expect("the port it had before");
            *task = Some(run(listener, self.router.clone()));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().expect("server").take() {
            task.abort();
        }
    }
}

fn run(listener: TcpListener, router: Router) -> JoinHandle<()> {
    runtime().spawn(async move {
        let _ = axum::serve(listener, router).await;
    })
}

/// Makes this the last answer of its connection, so that a closed port is closed for everybody.
pub fn close_after(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
