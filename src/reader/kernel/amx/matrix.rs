//! Weights and activations in the order of the tiles.

use std::ops::Range;

use half::bf16;

use super::tiles::{Line, SIDE, TILE};

/// How features are spread so that groups of them start at a whole [`Line`]: a group of `size` takes `room`
/// places, of which the last stay empty.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    size: usize,
    room: usize,
}

impl Spread {
    /// Groups of `size` features.
    pub fn groups(size: usize) -> Self {
        Self { size, room: size.next_multiple_of(SIDE) }
    }

    fn place(self, feature: usize) -> usize {
        feature / self.size * self.room + feature % self.size
    }

    /// Places that `features` take.
    pub fn places(self, features: usize) -> usize {
        features.div_ceil(self.size) * self.room
    }

    /// The features at their places, zeros elsewhere.
    pub fn vector(self, features: &[f32]) -> Vec<f32> {
        let mut vector = vec![0.0; self.places(features.len())];
        for (feature, value) in features.iter().enumerate() {
            vector[self.place(feature)] = *value;
        }
        vector
    }
}

/// Weights of y = x Wᵀ + b in bf16, as right factors of tiles: [`SIDE`] outputs after another, each with all
/// its inputs.
#[derive(Debug)]
pub struct Matrix {
    lines: Vec<Line>,
    /// b, spread as the outputs.
    bias: Vec<f32>,
    /// Lines of a row of x.
    pub depth: usize,
}

impl Matrix {
    /// Packs W, `bias.len()` rows of outputs, whose outputs and inputs go where the spreads say.
    pub fn pack(rows: &[f32], bias: &[f32], outputs: Spread, inputs: Spread) -> Self {
        let columns = rows.len() / bias.len();
        let depth = inputs.places(columns) / SIDE;
        let mut lines = vec![Line::ZERO; outputs.places(bias.len()) * depth];
        for (output, row) in rows.chunks_exact(columns).enumerate() {
            let output = outputs.place(output);
            let tiles = &mut lines[output / SIDE * SIDE * depth..][..SIDE * depth];
            for (input, value) in row.iter().enumerate() {
                let input = inputs.place(input);
                let line = input / SIDE * SIDE + output % SIDE / TILE * TILE + input % SIDE / 2;
                tiles[line].0[output % TILE * 2 + input % 2] = bf16::from_f32(*value).to_bits();
            }
        }
        Self { lines, bias: outputs.vector(bias), depth }
    }

    /// Blocks of [`SIDE`] outputs.
    pub fn blocks(&self) -> usize {
        self.bias.len() / SIDE
    }

    /// b of a block of outputs.
    pub fn bias_of(&self, block: usize) -> &[f32; SIDE] {
        &self.bias.as_chunks().0[block]
    }

    /// A block of outputs, of the blocks of inputs `depth`.
    pub fn right(&self, block: usize, depth: Range<usize>) -> &[Line] {
        let first = block * self.depth;
        &self.lines[(first + depth.start) * SIDE..(first + depth.end) * SIDE]
    }
}

/// A layer norm, and the bias of the product before it.
#[derive(Debug)]
pub struct Norm {
    /// Added first.
    pub bias: Vec<f32>,
    /// Factor of each feature.
    pub weight: Vec<f32>,
    /// Added last.
    pub shift: Vec<f32>,
}

/// Activations in bf16: 32 rows after another, of which plane after plane of [`SIDE`] features, in each plane
/// a line for every row. So the 32 rows are a left factor of tiles, and so are some planes of them.
#[derive(Debug, Default)]
pub struct Planes {
    lines: Vec<Line>,
    planes: usize,
}

impl Planes {
    /// Makes room for `rows` rows of `planes` lines. What it holds is of no meaning then.
    pub fn reshape(&mut self, rows: usize, planes: usize) {
        self.planes = planes;
        self.lines.resize(rows.next_multiple_of(SIDE) * planes, Line::ZERO);
    }

    /// The 32 rows of a block, of the planes in `depth`.
    pub fn left(&self, block: usize, depth: Range<usize>) -> &[Line] {
        let first = block * self.planes;
        &self.lines[(first + depth.start) * SIDE..(first + depth.end) * SIDE]
    }

    /// The 32 rows of a block, of one plane.
    pub fn plane_mut(&mut self, block: usize, plane: usize) -> &mut [Line] {
        &mut self.lines[(block * self.planes + plane) * SIDE..][..SIDE]
    }

    /// The line of one row in one plane.
    pub fn line_mut(&mut self, row: usize, plane: usize) -> &mut Line {
        &mut self.plane_mut(row / SIDE, plane)[row % SIDE]
    }

    /// Where `row` begins: its next plane's line stands [`SIDE`] lines after.
    pub fn row_mut(&mut self, row: usize) -> &mut [Line] {
        &mut self.lines[row / SIDE * self.planes * SIDE + row % SIDE..][..(self.planes - 1) * SIDE + 1]
    }
}
