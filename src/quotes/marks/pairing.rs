//! Which marks of a paragraph open, close or mean nothing: the reading with the least against it.
//!
//! Counting marks fails at the first odd one. Here every mark carries evidence from its two sides
//! ([`Mark`]), and a beam search over the stack of open regions finds the cheapest reading of the
//! whole paragraph. One odd mark then costs once and leaves the others alone.

use super::MarkStyle;
use super::apostrophe::NO_APOSTROPHE;
use super::glyph::{Glyph, Mark};

/// What a mark does. Numbers are places in the stack of open regions, 0 the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Skip,
    /// Opens a region inside those that are open.
    Open,
    /// Ends the open region at that place, and all inside it, without a mark of their own; then opens one.
    Reopen(u8),
    /// Closes the open region at that place; those inside it end without a mark of their own.
    Close(u8),
    /// Closes a region that no mark opened.
    Lone,
}

/// What stands around the paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Neighbours {
    /// The style of the region that the paragraph before left open.
    pub(super) carried: Option<MarkStyle>,
    /// The style of the mark at the start of the paragraph after.
    pub(super) reopens: Option<MarkStyle>,
}

/// Costs of the repairs, on the scale of [`Mark`]'s evidence (an odd side of a mark is 3).
const UNCLOSED: [u16; 2] = [5, 6];
const RUNNING: u16 = 1;
const RUNNING_SINGLE: u16 = 3;
const LONE: u16 = 6;
const CARRIED: u16 = 2;
const HALF: u16 = 4;
/// A region inside another rarely starts a sentence: “A. “B,” said C.
const FRESH: u16 = 3;

const DEEPEST: usize = 4;
const BEAM: usize = 16;
/// Marks after which the search settles on its best state, which bounds memory on hostile input.
const STRETCH: usize = 4096;

/// The roles of `marks`, one each.
pub(super) fn pair(marks: &[Mark], around: Neighbours) -> Vec<Role> {
    let mut roles = Vec::with_capacity(marks.len());
    let mut state = State::default();
    let mut stretches = marks.chunks(STRETCH).peekable();
    while let Some(stretch) = stretches.next() {
        let ending = stretches.peek().is_none().then_some(around);
        state = settle(stretch, state, around, ending, &mut roles);
    }
    roles
}

/// Reads one stretch of marks from `state` on, appends the best roles and returns the state they lead to.
fn settle(
    marks: &[Mark],
    state: State,
    around: Neighbours,
    ending: Option<Neighbours>,
    roles: &mut Vec<Role>,
) -> State {
    let mut steps: Vec<(u32, Role)> = Vec::with_capacity(marks.len() * 4);
    let mut beam = vec![State { cost: 0, step: u32::MAX, ..state }];
    let mut next: Vec<State> = Vec::new();
    for mark in marks {
        for state in &beam {
            state.expand(mark, around, &mut |role, state| {
                steps.push((state.step, role));
                let step = u32::try_from(steps.len() - 1).unwrap_or(u32::MAX);
                let state = State { step, ..state };
                match next.iter_mut().find(|other| other.is_as_open_as(&state)) {
                    Some(other) if state.cost < other.cost => *other = state,
                    Some(_) => {}
                    None => next.push(state),
                }
            });
        }
        next.sort_by_key(|state| state.cost);
        next.truncate(BEAM);
        std::mem::swap(&mut beam, &mut next);
        next.clear();
    }
    let best =
        beam.iter().min_by_key(|state| state.cost + ending.map_or(0, |around| state.left_open(around)));
    let best = best.copied().unwrap_or_default();
    let from = roles.len();
    let mut step = best.step;
    while let Some(&(before, role)) = steps.get(step as usize) {
        roles.push(role);
        step = before;
    }
    roles[from..].reverse();
    best
}

/// A reading of the marks so far: what it costs and which regions it has open.
#[derive(Debug, Clone, Copy)]
struct State {
    cost: u32,
    depth: usize,
    stack: [Glyph; DEEPEST],
    /// Whether the outermost open region starts where a sentence may, as running quotations do.
    fresh: bool,
    /// The last step that led here.
    step: u32,
}

impl Default for State {
    fn default() -> Self {
        Self { cost: 0, depth: 0, stack: [Glyph::Straight; DEEPEST], fresh: false, step: u32::MAX }
    }
}

impl State {
    fn open(&self) -> &[Glyph] {
        &self.stack[..self.depth]
    }

    /// Whether both have the same signs open: what comes costs both the same.
    fn is_as_open_as(&self, other: &State) -> bool {
        self.depth == other.depth && self.stack == other.stack && self.fresh == other.fresh
    }

    /// Calls `reach` with every role that `mark` may have here and the state it leads to.
    fn expand(&self, mark: &Mark, around: Neighbours, reach: &mut impl FnMut(Role, State)) {
        let after = |cost: u16, depth: usize| {
            let mut state = State { cost: self.cost + u32::from(cost), depth, ..*self };
            // What is no longer open must not keep equal states apart.
            state.stack[depth..].fill(Glyph::Straight);
            state.fresh &= depth != 0;
            state
        };
        let style = mark.glyph.style();
        reach(Role::Skip, after(mark.skip, self.depth));

        let opening = mark.open + against_opening(mark.glyph);
        if self.depth < DEEPEST {
            let nesting =
                self.open().iter().map(|outer| against_nesting(*outer, mark.glyph)).max().unwrap_or(0);
            let interrupts = u16::from(mark.fresh && nesting != 0) * FRESH;
            let mut state = after(opening + nesting + interrupts, self.depth + 1);
            state.stack[self.depth] = mark.glyph;
            state.fresh = if self.depth == 0 { mark.fresh } else { self.fresh };
            reach(Role::Open, state);
        }
        for (place, outer) in self.open().iter().enumerate().filter(|(_, outer)| outer.style() == style) {
            let unclosed: u16 = self.stack[place + 1..self.depth].iter().map(|glyph| unclosed(*glyph)).sum();
            let closing = mark.close + against_pair(*outer, mark.glyph);
            reach(Role::Close(place as u8), after(closing + unclosed, place));
            let mut state = after(opening + UNCLOSED[0] + unclosed, place + 1);
            state.stack[place] = mark.glyph;
            state.fresh = if place == 0 { mark.fresh } else { self.fresh };
            reach(Role::Reopen(place as u8), state);
        }
        if let Some(outer) = self.open().last()
            && is_half_pair(*outer, mark)
        {
            reach(Role::Close(self.depth as u8 - 1), after(mark.close + HALF, self.depth - 1));
        }
        let is_carried = around.carried == Some(style);
        if self.depth == 0 && (is_carried || style == MarkStyle::Double) {
            let lone = if is_carried { CARRIED } else { LONE };
            let turned = against_pair(Glyph::Straight, mark.glyph).saturating_sub(MIXED);
            reach(Role::Lone, after(mark.close + lone + turned, 0));
        }
    }

    /// The cost of what is still open at the paragraph's end.
    fn left_open(&self, around: Neighbours) -> u32 {
        let cost = |(place, glyph): (usize, &Glyph)| match glyph.style() {
            style if 0 < place || around.reopens != Some(style) => unclosed(*glyph),
            MarkStyle::Single if !self.fresh => RUNNING_SINGLE,
            _ => RUNNING,
        };
        self.open().iter().enumerate().map(cost).map(u32::from).sum()
    }
}

fn unclosed(glyph: Glyph) -> u16 {
    UNCLOSED[usize::from(glyph.style() == MarkStyle::Single)]
}

/// A sign that by its form closes rarely opens: ”so” is a slip, »so« a house style.
fn against_opening(glyph: Glyph) -> u16 {
    match glyph {
        Glyph::CurlyClose => 5,
        Glyph::GuillemetRight | Glyph::AngleRight | Glyph::SingleClose => 3,
        _ => 0,
    }
}

/// A pair of different signs is a slip.
const MIXED: u16 = 2;

/// What the two signs' forms say against their being a pair.
fn against_pair(open: Glyph, close: Glyph) -> u16 {
    use Glyph::*;
    match (open, close) {
        (Low, CurlyOpen | CurlyClose) | (SingleLow, SingleOpen | SingleClose) => 0,
        (CurlyOpen | CurlyClose, CurlyClose) | (SingleOpen | SingleClose, SingleClose) => 0,
        (Straight, Straight) | (Twin | Backticks, Twin) | (Apostrophe | Backtick, Apostrophe) => 0,
        (GuillemetLeft | GuillemetRight, GuillemetRight) | (AngleLeft | AngleRight, AngleRight) => 0,
        (GuillemetRight, GuillemetLeft) | (AngleRight, AngleLeft) => 0,
        (_, CurlyOpen | SingleOpen) => 5,
        (_, Low | SingleLow | Backticks | Backtick) => 6,
        (GuillemetLeft | AngleLeft, GuillemetLeft | AngleLeft) => 5,
        (GuillemetLeft | GuillemetRight | AngleLeft | AngleRight, _) => 5,
        (_, GuillemetLeft | GuillemetRight | AngleLeft | AngleRight) => 5,
        _ => MIXED,
    }
}

/// A double mark closed by half of one: ''We agree.' and “We agree.’ Not: “the workers’, where an
/// apostrophe makes sense.
fn is_half_pair(open: Glyph, close: &Mark) -> bool {
    matches!((open, close.glyph), (Glyph::Twin, Glyph::Apostrophe) | (Glyph::CurlyOpen, Glyph::SingleClose))
        && NO_APOSTROPHE <= close.skip
}

/// What speaks against a region in a region: little for “a “b” c”, much where nothing but the
/// sides of the marks can tell, "a "b" c".
fn against_nesting(outer: Glyph, inner: Glyph) -> u16 {
    if outer.style() != inner.style() {
        return 0;
    }
    match (outer.is_two_faced(), inner.is_two_faced()) {
        (true, true) if outer == inner => 6,
        (false, false) => 2,
        _ => 1,
    }
}
