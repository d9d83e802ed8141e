//! Weights and activations in the order of the tiles.

use half::bf16;

use super::tiles::{Left, Line, SIDE, TILE};

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

/// Weights of y = x Wᵀ + b in bf16, as right factors of tiles: 16 outputs after another, each with all its
/// inputs.
#[derive(Debug)]
pub struct Matrix {
    lines: Vec<Line>,
    /// b, spread as the outputs.
    pub bias: Vec<f32>,
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
            let tiles = &mut lines[output / TILE * TILE * depth..][..TILE * depth];
            for (input, value) in row.iter().enumerate() {
                let input = inputs.place(input);
                tiles[input / 2].0[output % TILE * 2 + input % 2] = bf16::from_f32(*value).to_bits();
            }
        }
        Self { lines, bias: outputs.vector(bias), depth }
    }

    /// Blocks of [`SIDE`] outputs.
    pub fn blocks(&self) -> usize {
        self.bias.len() / SIDE
    }

    /// The two halves of a block of outputs.
    pub fn right(&self, block: usize) -> [&[Line]; 2] {
        let half = TILE * self.depth;
        self.lines[2 * block * half..2 * (block + 1) * half].split_at(half).into()
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

/// Activations in bf16: plane after plane of [`SIDE`] features, in each plane a line for every row.
#[derive(Debug, Default)]
pub struct Planes {
    lines: Vec<Line>,
    rows: usize,
}

impl Planes {
    /// Makes room for `rows` rows of `planes` lines. What it holds is of no meaning then.
    pub fn reshape(&mut self, rows: usize, planes: usize) {
        self.rows = rows;
        self.lines.resize(rows * planes, Line::ZERO);
    }

    /// Lines from one plane to the next.
    pub fn step(&self) -> usize {
        self.rows
    }

    /// The lines of one plane.
    pub fn plane(&self, plane: usize) -> &[Line] {
        &self.lines[plane * self.rows..][..self.rows]
    }

    /// The lines of one plane.
    pub fn plane_mut(&mut self, plane: usize) -> &mut [Line] {
        &mut self.lines[plane * self.rows..][..self.rows]
    }

    /// Where `row` begins: the next feature's line stands [`step`](Self::step) lines after.
    pub fn row_mut(&mut self, row: usize) -> &mut [Line] {
        &mut self.lines[row..]
    }

    /// As a left factor: from `row` and `plane` on.
    pub fn left(&self, row: usize, plane: usize) -> Left<'_> {
        Left { lines: &self.lines[plane * self.rows + row..], step: self.rows }
    }
}
