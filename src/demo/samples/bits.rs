//! Bits one after another.

/// Writes bits, the highest first.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// Bits free in the last byte.
    free: u32,
}

impl Writer {
    /// The lowest `count` bits of a number.
    pub fn put(&mut self, value: u64, count: u32) {
        let mut left = count;
        while left > 0 {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let take = left.min(self.free);
            let part = (value >> (left - take)) & ((1 << take) - 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= (part << (self.free - take)) as u8;
            }
            self.free -= take;
            left -= take;
        }
    }

    /// The rest of the last byte stays empty; what comes next begins a new one.
    pub fn align(&mut self) {
        self.free = 0;
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Everything.
    pub fn into_bytes(self) -> Box<[u8]> {
        self.bytes.into_boxed_slice()
    }
}

/// Reads them again; beyond the end are zeros.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    /// From the first bit.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next bits as a number.
    pub fn take(&mut self, count: u32) -> u64 {
        let mut value = 0;
        let mut left = count;
        while left > 0 {
            let within = (self.at % 8) as u32;
            let take = left.min(8 - within);
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0);
            let part = (u64::from(byte) >> (8 - within - take)) & ((1 << take) - 1);
            value = if take == 64 { part } else { (value << take) | part };
            self.at += take as usize;
            left -= take;
        }
        value
    }
}
