//! A day that is counted on a thread of its own while it runs on.
//!
//! Counting only listens, so that the model need not wait for it: what is to be heard is written down and
//! handed over in pieces. What comes out is what would have come out on one thread.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::timeline::Model;
use super::walk::{Hear, Reach, Walk};
use crate::demo::event::{Finished, Gauges, Notice, Sink};

/// What is handed over at once, and how many such pieces may lie about: the memory of both is bounded.
const PIECE: usize = 128;
const PIECES: usize = 4;

/// One thing that was heard.
enum Heard<M> {
    /// The next of the piece's requests.
    Finished,
    Notice(Notice),
    Begin(bool),
    Scrape(usize, i64, Gauges),
    Sum(usize, i64, Gauges),
    Ended(u32, Box<Walk<M>>),
}

/// What is handed over at once. Its lists are used again when it has been heard: there is a request for almost
/// everything, and a list of steps in each.
struct Piece<M> {
    heard: Vec<Heard<M>>,
    requests: Vec<Finished>,
    /// Requests that are of this piece; those beyond are of an earlier one.
    used: usize,
}

impl<M> Default for Piece<M> {
    fn default() -> Self {
        Self { heard: Vec::with_capacity(PIECE), requests: Vec::with_capacity(PIECE), used: 0 }
    }
}

impl<M> Piece<M> {
    fn request(&mut self, request: &Finished) {
        match self.requests.get_mut(self.used) {
            Some(place) => {
                let mut steps = std::mem::take(&mut place.steps);
                steps.clear();
                steps.extend_from_slice(&request.steps);
                *place = Finished { steps, ..*request };
            }
            None => self.requests.push(request.clone()),
        }
        self.used += 1;
        self.heard.push(Heard::Finished);
    }
}

/// Writes down what is heard.
struct Tape<M> {
    piece: Piece<M>,
    to: SyncSender<Piece<M>>,
    back: Receiver<Piece<M>>,
}

impl<M> Tape<M> {
    fn put(&mut self, heard: Heard<M>) {
        self.piece.heard.push(heard);
        self.full();
    }

    fn full(&mut self) {
        if self.piece.heard.len() >= PIECE {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let empty = self.back.try_recv().unwrap_or_default();
        // Fails only where the listener has panicked, and then its scope does.
        let _ = self.to.send(std::mem::replace(&mut self.piece, empty));
    }
}

impl<M> Sink for Tape<M> {
    fn finished(&mut self, request: &Finished) {
        self.piece.request(request);
        self.full();
    }

    fn notice(&mut self, notice: &Notice) {
        self.put(Heard::Notice(notice.clone()));
    }
}

impl<M: Model> Hear<M> for Tape<M> {
    fn begin(&mut self, recording: bool) {
        self.put(Heard::Begin(recording));
    }

    fn scrape(&mut self, target: usize, at_ms: i64, gauges: Gauges) {
        self.put(Heard::Scrape(target, at_ms, gauges));
    }

    fn sum(&mut self, target: usize, at_ms: i64, gauges: Gauges) {
        self.put(Heard::Sum(target, at_ms, gauges));
    }

    fn ended(&mut self, epoch: u32, next: &Walk<M>) {
        self.put(Heard::Ended(epoch, Box::new(next.clone())));
    }
}

fn play<M: Model>(tape: &Receiver<Piece<M>>, back: &SyncSender<Piece<M>>, hear: &mut impl Hear<M>) {
    for mut piece in tape {
        let mut requests = piece.requests.iter();
        for heard in piece.heard.drain(..) {
            match heard {
                Heard::Finished => {
                    if let Some(request) = requests.next() {
                        hear.finished(request);
                    }
                }
                Heard::Notice(notice) => hear.notice(&notice),
                Heard::Begin(recording) => hear.begin(recording),
                Heard::Scrape(target, at_ms, gauges) => hear.scrape(target, at_ms, gauges),
                Heard::Sum(target, at_ms, gauges) => hear.sum(target, at_ms, gauges),
                Heard::Ended(epoch, next) => hear.ended(epoch, &next),
            }
        }
        piece.used = 0;
        // Where nobody takes it back it is not needed any more.
        let _ = back.try_send(piece);
    }
}

/// Runs a day on while `hear` listens on another thread. `false`: there is no other thread to be had, and
/// nothing has happened.
pub fn advance<M: Model>(
    walk: &mut Walk<M>,
    reach: &Reach<'_>,
    to_us: i64,
    hear: &mut (impl Hear<M> + Send),
) -> bool {
    let (to, tape) = sync_channel(PIECES);
    let (again, back) = sync_channel(PIECES);
    std::thread::scope(|scope| {
        let listening =
            std::thread::Builder::new().name("hospital counts".to_owned()).spawn_scoped(scope, move || {
                play(&tape, &again, hear);
            });
        if listening.is_err() {
            return false;
        }
        let mut tape = Tape { piece: Piece::default(), to, back };
        walk.advance(reach, to_us, &mut tape);
        tape.hand_over();
        true
    })
}
