//! Killing the program without warning, at moments that differ from seed to seed and are the same in each run.

use std::{
    io::{BufRead as _, BufReader},
    process::Child,
    time::Duration,
};

use super::Machine;

/// Numbers that look drawn at random and are the same in each run (the generator of Numerical Recipes).
pub struct Drawn(pub u32);

impl Drawn {
    /// The next one, less than a limit.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % limit
    }
}

/// Starts a command and kills it without warning: after some lines, and some time more. Whatever the moment, the test
/// must hold, so waiting here decides nothing.
pub fn killed(machine: &Machine, command: &[&str], flags: &[&str], most: u32, drawn: &mut Drawn) {
    let mut child: Child = machine.start(&[command, flags].concat());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..drawn.below(most) {
        if lines.next().is_none() {
            break;
        }
    }
    std::thread::sleep(Duration::from_millis(drawn.below(300).into()));
    child.kill().unwrap();
    child.wait().unwrap();
}
