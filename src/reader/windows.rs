//! Windows: what of a document the encoder sees at once.

use std::ops::Range;

/// One window in numbers of the document's tokens: its context ends where its own tokens start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Tokens shown again from the left, only as context.
    pub context: Range<usize>,
    /// Tokens whose predictions are taken from this window.
    pub own: Range<usize>,
}

impl Window {
    /// All tokens of the window, context first.
    pub fn seen(&self) -> Range<usize> {
        self.context.start..self.own.end
    }
}

/// Packs paragraphs of `lengths` tokens into windows of at most `room` tokens, of which up to `context`
/// repeat what stands before the window's own tokens.
///
/// Paragraphs are packed greedily and whole: a window closes when the next paragraph does not fit. A
/// paragraph that does not fit into a fresh window is cut after the last token of that window's final
/// quarter that ends a sentence (`ends[token]`), or else where the window is full; its rest starts the next
/// window. `context` must be less than `room`.
pub fn pack(lengths: &[usize], ends: &[bool], room: usize, context: usize) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut open = Open::at(0, room, context);
    let mut paragraph_end = 0;
    for length in lengths {
        let mut rest = paragraph_end;
        paragraph_end += length;
        while open.limit() < paragraph_end {
            if open.start == rest {
                rest = cut(ends, open.start, open.limit());
            }
            windows.push(Window { context: open.context..open.start, own: open.start..rest });
            open = Open::at(rest, room, context);
        }
    }
    if open.start < paragraph_end {
        windows.push(Window { context: open.context..open.start, own: open.start..paragraph_end });
    }
    windows
}

/// A window that is being filled.
struct Open {
    context: usize,
    start: usize,
    room: usize,
}

impl Open {
    fn at(start: usize, room: usize, context: usize) -> Self {
        Self { context: start.saturating_sub(context), start, room }
    }

    /// One past the last token the window could hold.
    fn limit(&self) -> usize {
        self.context + self.room
    }
}

/// Where to cut a paragraph that overflows a window with own tokens `start..limit`.
fn cut(ends: &[bool], start: usize, limit: usize) -> usize {
    let earliest = limit - (limit - start) / 4;
    (earliest..=limit).rev().find(|&end| ends.get(end - 1) == Some(&true)).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own(windows: &[Window]) -> Vec<Range<usize>> {
        windows.iter().map(|window| window.own.clone()).collect()
    }

    #[test]
    fn paragraphs_stay_whole_and_later_windows_see_context() {
        let windows = pack(&[4, 5, 3, 2], &[false; 14], 10, 3);
        assert_eq!(own(&windows), [0..9, 9..14]);
        assert_eq!(windows[0].context, 0..0);
        assert_eq!(windows[1].context, 6..9);
    }

    #[test]
    fn a_long_paragraph_is_cut_at_a_sentence_end_in_the_last_quarter() {
        let mut ends = [false; 30];
        ends[6] = true; // too early: would waste more than a quarter
        ends[7] = true; // after token 7: 8 of 10
        ends[20] = true;
        // The second window has room for 7 own tokens (8..15), with no sentence end near: cut where full.
        assert_eq!(own(&pack(&[30], &ends, 10, 3)), [0..8, 8..15, 15..21, 21..28, 28..30]);
    }

    #[test]
    fn nothing_gives_no_window() {
        assert_eq!(pack(&[], &[], 10, 3), []);
        assert_eq!(pack(&[0, 0], &[], 10, 3), []);
    }

    proptest! {
        #[test]
        fn windows_hold_every_token_once_within_their_room(
            lengths in prop::collection::vec(0usize..60, 0..12),
            sentence in 1usize..9,
            room in 2usize..40,
            context in 0usize..20,
        ) {
            let context = context.min(room - 1);
            let total: usize = lengths.iter().sum();
            let ends: Vec<bool> = (1..=total).map(|i| i % sentence == 0).collect();
            let windows = pack(&lengths, &ends, room, context);
            let mut next = 0;
            for window in &windows {
                prop_assert_eq!(window.own.start, next);
                prop_assert!(!window.own.is_empty());
                prop_assert!(window.seen().len() <= room);
                prop_assert_eq!(window.context.end, window.own.start);
                prop_assert_eq!(window.context.len(), context.min(window.own.start));
                next = window.own.end;
            }
            prop_assert_eq!(next, total);
            // A paragraph that fits into a window beside its context is never cut.
            let mut start = 0;
            for length in lengths {
                let end = start + length;
                if 0 < length && length + context <= room {
                    prop_assert!(!windows.iter().any(|window| start < window.own.start && window.own.start < end));
                }
                start = end;
            }
        }
    }
}
