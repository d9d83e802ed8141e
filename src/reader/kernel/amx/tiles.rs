//! The tile registers of AMX: permission, configuration, and the one product of tiles.
//!
//! The instructions are written as inline assembly, since their intrinsics are not in stable Rust yet.
//! Nothing outside this file touches a tile.
#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count};
use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::OnceLock;

/// Rows and columns of a block that [`Tiles::multiply`] makes; also the values in a [`Line`].
pub const SIDE: usize = 32;
/// Rows of a tile.
pub const TILE: usize = 16;

/// One row of a tile: 32 values in bf16, as their bits.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line(pub [u16; SIDE]);

impl Line {
    /// All values 0.
    pub const ZERO: Self = Self([0; SIDE]);
}

/// Proof that processor and system let this process use AMX in bf16, AVX-512 and its conversion to bf16.
#[derive(Debug, Clone, Copy)]
pub struct Permission(());

impl Permission {
    /// Asks processor and system, once in a process.
    pub fn request() -> Option<Self> {
        static GRANTED: OnceLock<bool> = OnceLock::new();
        GRANTED.get_or_init(|| has_instructions() && granted()).then_some(Self(()))
    }
}

fn has_instructions() -> bool {
    let vectors = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512bf16");
    if !vectors || __cpuid(0).eax < 7 {
        return false;
    }
    // Leaf 7, register edx: bit 22 is AMX-BF16, bit 24 AMX-TILE.
    let features = __cpuid_count(7, 0).edx;
    features >> 22 & 1 == 1 && features >> 24 & 1 == 1
}

/// Asks Linux for the tile registers: arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA). What it grants
/// holds for all threads of the process.
fn granted() -> bool {
    let mut outcome: i64 = 158;
    // SAFETY: system call 158 of x86-64 Linux, arch_prctl, with two numbers: it reads and writes no memory
    // of ours. The kernel clobbers rcx and r11 and returns in rax, as told here.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") outcome,
            in("rdi") 0x1023,
            in("rsi") 18,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    outcome == 0
}

thread_local! {
    /// Whether a [`Tiles`] lives on this thread.
    static CONFIGURED: Cell<bool> = const { Cell::new(false) };
}

/// The tile registers of this thread, each of 16 rows of 64 bytes; given back when dropped, so that the
/// system need not save them between our calls.
pub struct Tiles {
    /// Bound to its thread: neither Send nor Sync.
    thread: PhantomData<*const ()>,
}

/// What `ldtilecfg` reads: palette 1, and for each of the eight tiles 64 bytes a row and 16 rows.
#[repr(C, align(64))]
struct Configuration {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

static CONFIGURATION: Configuration = Configuration {
    palette: 1,
    start_row: 0,
    reserved: [0; 14],
    row_bytes: [64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 0, 0, 0, 0, 0, 0],
    rows: [16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// Sixteen-row tiles of a left factor: `lines[depth * step + row]` holds the values `32 depth..` of `row`.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    /// From the first of the 32 rows on.
    pub lines: &'a [Line],
    /// Lines from one depth to the next.
    pub step: usize,
}

/// What a product is added to.
pub enum Start<'a> {
    /// The same row for each row of the result.
    Row(&'a [f32; SIDE]),
    /// What the result's place holds.
    Itself,
}

impl Tiles {
    /// Configures the tiles of this thread.
    ///
    /// # Panics
    /// They are configured already: the first to drop would take them from the other.
    pub fn configure(_: Permission) -> Self {
        assert!(!CONFIGURED.replace(true), "tiles are configured twice");
        // SAFETY: the permission proves that processor and system know the instruction; it reads 64 bytes
        // at the address, the size of `Configuration` (asserted below), in the layout of palette 1.
        unsafe {
            asm!("ldtilecfg [{}]", in(reg) &raw const CONFIGURATION, options(nostack, readonly, preserves_flags));
        }
        Self { thread: PhantomData }
    }

    /// `out = start + left · right`: 32 rows of `left` times two times 16 columns of `right`, whose lines
    /// are, tile by tile along the depth, pairs of rows: line r holds for each column the values 2r, 2r + 1.
    /// Rows of `out` start `step` floats apart; what lies between them stays.
    ///
    /// Each value of the result is summed in the order of the depth, whatever the other rows are.
    ///
    /// # Panics
    /// A factor or the result exceeds its slice, or the depth is none.
    #[inline]
    pub fn multiply(
        &self,
        left: Left<'_>,
        right: [&[Line]; 2],
        start: &Start<'_>,
        out: &mut [f32],
        step: usize,
    ) {
        let depth = right[0].len() / TILE;
        assert!(
            0 < depth && right[0].len() == right[1].len(),
            "the right factor's halves differ or are none"
        );
        assert!((depth - 1) * left.step + SIDE <= left.lines.len(), "left factor exceeds its slice");
        assert!(SIDE <= step && (SIDE - 1) * step + SIDE <= out.len(), "result exceeds its slice");
        let bytes = step * size_of::<f32>();
        let (from, from_bytes) = match start {
            Start::Row(row) => (row.as_ptr(), 0),
            Start::Itself => (out.as_ptr(), bytes),
        };
        // SAFETY: `self` exists, so the eight tiles of this thread are configured as 16 rows of 64 bytes
        // (it is bound to its thread, and the only one there). What is read and written lies in the slices:
        // - left: for k < depth 32 lines from `left.lines[k * left.step]` on, the last of which the second
        //   assertion covers; the two tiles begin at lines 0 and 16 of these, 64 bytes apart as lines are;
        // - right: for k < depth 16 lines from `right[_][16 k]` on, depth being their number / 16;
        // - start: 32 rows of 128 bytes, either all the same row of 32 floats (distance 0) or those of out;
        // - out: rows of 128 bytes at distance `bytes`, the last of which the third assertion covers.
        // `out` is borrowed mutably and no other operand aliases it, but for `Itself`, read before the
        // writing. Addresses computed beyond the last use are not read from. All eight tiles, the pointers
        // and the counter are told as clobbered, memory and flags are by default.
        unsafe {
            let out = out.as_mut_ptr();
            asm!(
                "tileloadd tmm0, [{from} + {from_bytes}*1]",
                "tileloadd tmm1, [{from} + {from_bytes}*1 + 64]",
                "tileloadd tmm2, [{from_low} + {from_bytes}*1]",
                "tileloadd tmm3, [{from_low} + {from_bytes}*1 + 64]",
                "2:",
                "tileloadd tmm4, [{left} + {line}*1]",
                "tileloadd tmm6, [{right0} + {line}*1]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{right1} + {line}*1]",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "tileloadd tmm5, [{left} + {line}*1 + 1024]",
                "tdpbf16ps tmm2, tmm5, tmm6",
                "tdpbf16ps tmm3, tmm5, tmm7",
                "add {left}, {left_step}",
                "add {right0}, 1024",
                "add {right1}, 1024",
                "dec {depth}",
                "jnz 2b",
                "tilestored [{out} + {bytes}*1], tmm0",
                "tilestored [{out} + {bytes}*1 + 64], tmm1",
                "tilestored [{out_low} + {bytes}*1], tmm2",
                "tilestored [{out_low} + {bytes}*1 + 64], tmm3",
                from = in(reg) from,
                from_low = in(reg) from.byte_add(TILE * from_bytes),
                from_bytes = in(reg) from_bytes,
                left = inout(reg) left.lines.as_ptr() => _,
                left_step = in(reg) left.step * size_of::<Line>(),
                right0 = inout(reg) right[0].as_ptr() => _,
                right1 = inout(reg) right[1].as_ptr() => _,
                depth = inout(reg) depth => _,
                line = in(reg) size_of::<Line>(),
                out = in(reg) out,
                out_low = in(reg) out.byte_add(TILE * bytes),
                bytes = in(reg) bytes,
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }
}

const _: () = assert!(size_of::<Configuration>() == 64 && size_of::<Line>() == 64);

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: `self` proves that the processor knows the instruction, which has no operands.
        unsafe {
            asm!(
                "tilerelease",
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, nomem, preserves_flags),
            );
        }
        CONFIGURED.set(false);
    }
}
