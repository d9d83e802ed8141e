//! The tile registers of AMX: permission, configuration, and the one product of tiles.
//!
//! The instructions are written as inline assembly, since their intrinsics are not in stable Rust yet.
//! Nothing outside this file touches a tile.
#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count, _MM_HINT_T1, _mm_prefetch};
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

/// Asks for lines to be brought into the second-level cache.
#[inline]
pub fn fetch(lines: &[Line]) {
    for line in lines {
        // SAFETY: a hint only, and the address is that of a line; x86-64 always has the instruction.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.0.as_ptr().cast()) };
    }
}

/// What a product is added to.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// Nothing.
    Zero,
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

    /// `out = start + left · right`: 32 rows of `left` times 32 columns of `right`. At each depth of 32
    /// values both have 32 lines: `left` one for each row; `right` 16 for its first 16 columns and 16 for
    /// the others, of which line r holds for each column the values 2r, 2r + 1. Rows of `out` start `step`
    /// floats apart; what lies between them stays.
    ///
    /// Each value of the result is summed in the order of the depth, whatever the other rows are.
    ///
    /// The tiles work on their own: `meanwhile` is called for each depth and may use the rest of the
    /// processor, but not the tiles.
    ///
    /// # Panics
    /// The factors differ in depth or have none, or the result exceeds its slice.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16")]
    pub fn multiply(
        &self,
        left: &[Line],
        right: &[Line],
        start: Start,
        out: &mut [f32],
        step: usize,
        mut meanwhile: impl FnMut(usize),
    ) {
        assert!(
            right.len().is_multiple_of(SIDE) && !right.is_empty() && left.len() == right.len(),
            "the factors differ in depth or have none"
        );
        assert!(SIDE <= step && (SIDE - 1) * step + SIDE <= out.len(), "result exceeds its slice");
        let bytes = step * size_of::<f32>();
        // SAFETY: `self` exists, so the eight tiles of this thread are configured as 16 rows of 64 bytes
        // (it is bound to its thread, and the only one there). They keep their values from one `asm!` to
        // the next: compilers know tiles as clobbers only and never use them. (If `meanwhile` used them,
        // the result would be wrong, but nothing else.) What is read and written lies in the slices:
        // - each pair of chunks has 32 lines, which are 2,048 bytes, of `left` and of `right`;
        // - out: 32 rows of 128 bytes at distance `bytes`, the last of which the second assertion covers.
        // `out` is borrowed mutably and nothing else aliases it.
        unsafe {
            let out = out.as_mut_ptr();
            let low = out.byte_add(TILE * bytes);
            match start {
                Start::Zero => asm!(
                    "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    options(nostack, nomem, preserves_flags),
                ),
                Start::Itself => asm!(
                    "tileloadd tmm0, [{out} + {bytes}*1]",
                    "tileloadd tmm1, [{out} + {bytes}*1 + 64]",
                    "tileloadd tmm2, [{low} + {bytes}*1]",
                    "tileloadd tmm3, [{low} + {bytes}*1 + 64]",
                    out = in(reg) out, low = in(reg) low, bytes = in(reg) bytes,
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    options(nostack, readonly, preserves_flags),
                ),
            }
            for (depth, (left, right)) in left.chunks_exact(SIDE).zip(right.chunks_exact(SIDE)).enumerate() {
                asm!(
                    "tileloadd tmm4, [{left} + {line}*1]",
                    "tileloadd tmm6, [{right} + {line}*1]",
                    "tdpbf16ps tmm0, tmm4, tmm6",
                    "tileloadd tmm7, [{right} + {line}*1 + 1024]",
                    "tdpbf16ps tmm1, tmm4, tmm7",
                    "tileloadd tmm5, [{left} + {line}*1 + 1024]",
                    "tdpbf16ps tmm2, tmm5, tmm6",
                    "tdpbf16ps tmm3, tmm5, tmm7",
                    left = in(reg) left.as_ptr(), right = in(reg) right.as_ptr(),
                    line = in(reg) size_of::<Line>(),
                    out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                    out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                    options(nostack, readonly, preserves_flags),
                );
                meanwhile(depth);
            }
            asm!(
                "tilestored [{out} + {bytes}*1], tmm0",
                "tilestored [{out} + {bytes}*1 + 64], tmm1",
                "tilestored [{low} + {bytes}*1], tmm2",
                "tilestored [{low} + {bytes}*1 + 64], tmm3",
                out = in(reg) out, low = in(reg) low, bytes = in(reg) bytes,
                options(nostack, preserves_flags),
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
