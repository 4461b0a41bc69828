//! What a stretch of work costs: processor time and the most memory held.

use std::fs;

/// Work being measured.
#[derive(Debug)]
pub struct Watch {
    cpu: f64,
}

/// What work cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// Of all threads together; 0 where the system does not say.
    pub cpu_seconds: f64,
    /// The most memory the process held meanwhile; 0 where the system does not say.
    pub peak_mib: f64,
}

impl Watch {
    /// Begins; the memory peak begins anew.
    pub fn start() -> Self {
        // Where this is not allowed, the peak is that of the process so far.
        fs::write("/proc/self/clear_refs", "5").unwrap_or_default();
        Self { cpu: cpu_seconds() }
    }

    /// Ends.
    pub fn stop(self) -> Cost {
        Cost {
            cpu_seconds: cpu_seconds() - self.cpu,
            peak_mib: peak_mib(),
        }
    }
}

/// Processor seconds of this thread so far; 0 where the system does not say.
pub fn thread_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split_whitespace().next();
    nanoseconds
        .and_then(|n| n.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1e9
}

/// Processor seconds of the process so far, at the hundredth that Linux counts in.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may hold blanks.
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// The most memory held since it was last asked to begin anew.
pub fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
