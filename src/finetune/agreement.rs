//! How far two coders agree: here the model and whoever coded the statements.

use crate::stance::Labels;

/// Counts of statements by the coder's label (row) and the model's (column).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    counts: Vec<Vec<usize>>,
}

impl Agreement {
    /// Of pairs of places in a list of `labels` labels: the coder's, the model's. Places beyond the list are left out.
    pub fn of(labels: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; labels]; labels];
        for (coder, model) in pairs {
            if let Some(count) = counts.get_mut(coder).and_then(|row| row.get_mut(model)) {
                *count += 1;
            }
        }
        Self { counts }
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Share of statements with the same label, 0–1.
    pub fn accuracy(&self) -> f64 {
        let same: usize = self.counts.iter().enumerate().map(|(at, row)| row[at]).sum();
        ratio(same as f64, self.len() as f64)
    }

    /// Mean F of the labels that the coder used, 0–1.
    pub fn macro_f(&self) -> f64 {
        let coded: Vec<usize> = self.counts.iter().map(|row| row.iter().sum()).collect();
        let used = (0..coded.len()).filter(|&at| 0 < coded[at]);
        let f = |at: usize| {
            let found: usize = self.counts.iter().map(|row| row[at]).sum();
            ratio(2.0 * self.counts[at][at] as f64, (coded[at] + found) as f64)
        };
        let scores: Vec<f64> = used.map(f).collect();
        ratio(scores.iter().sum(), scores.len() as f64)
    }

    /// Krippendorff's alpha for two coders and nominal labels: 1 is perfect, 0 what chance gives, less is worse than
    /// chance; 1 if all is one label (Krippendorff, Content Analysis, 2004, chapter 11).
    pub fn alpha(&self) -> f64 {
        let pairs = self.len() as f64;
        let values = 2.0 * pairs;
        let used = |at: usize| -> usize {
            self.counts[at].iter().sum::<usize>() + self.counts.iter().map(|row| row[at]).sum::<usize>()
        };
        let alike: f64 = (0..self.counts.len()).map(|at| used(at) as f64).map(|n| n * (n - 1.0)).sum();
        let observed = 1.0 - self.accuracy();
        let expected = 1.0 - ratio(alike, values * (values - 1.0));
        if expected <= 0.0 { 1.0 } else { 1.0 - observed / expected }
    }

    /// The counts as a table, the coder's labels down, the model's across.
    pub fn table(&self, labels: &Labels) -> String {
        let names = labels.names();
        let corner = "coder ↓ model →".to_owned();
        let mut lines = vec![[vec![corner], names.to_vec()].concat()];
        for (name, row) in names.iter().zip(&self.counts) {
            lines.push([vec![name.clone()], row.iter().map(usize::to_string).collect()].concat());
        }
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..=names.len()).map(width).collect();
        let mut table = String::new();
        for line in &lines {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let blank = " ".repeat(width - cell.chars().count());
                table += &if column == 0 { format!("{cell}{blank}") } else { format!("  {blank}{cell}") };
            }
            table.push('\n');
        }
        table
    }
}

/// 0 where there is nothing to divide by.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: [[usize; 3]; 3]) -> Agreement {
        let cell = |(coder, model): (usize, usize)| std::iter::repeat_n((coder, model), rows[coder][model]);
        Agreement::of(3, (0..9).map(|at| (at / 3, at % 3)).flat_map(cell))
    }

    #[test]
    fn alpha_is_that_of_the_textbook() {
        // Krippendorff's two coders of ten units, nominal: 0 1 0 0 0 0 0 0 1 0 against 1 1 1 0 0 1 0 0 0 0 give 0.095.
        let coded = [(0, 1), (1, 1), (0, 1), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)];
        let alpha = Agreement::of(2, coded).alpha();
        assert!((alpha - 0.095).abs() < 5e-4, "{alpha}");
        assert_eq!(of([[4, 0, 0], [0, 5, 0], [0, 0, 6]]).alpha(), 1.0);
        assert_eq!(of([[4, 0, 0], [0, 0, 0], [0, 0, 0]]).alpha(), 1.0);
        assert!(of([[0, 4, 0], [4, 0, 0], [0, 0, 0]]).alpha() < 0.0);
    }

    #[test]
    fn macro_f_is_over_the_labels_coded() {
        let two = of([[2, 1, 0], [0, 3, 0], [0, 0, 0]]);
        assert!((two.macro_f() - (0.8 + 6.0 / 7.0) / 2.0).abs() < 1e-12);
        assert!((two.accuracy() - 5.0 / 6.0).abs() < 1e-12);
        let none = Agreement::of(3, [(0, 7), (9, 0)]);
        assert!(none.is_empty());
        assert_eq!((none.macro_f(), none.accuracy()), (0.0, 0.0));
    }

    #[test]
    fn the_table_is_aligned() {
        let labels = Labels::new(["ally", "foé", "other"].map(str::to_owned).to_vec()).unwrap();
        let table = of([[12, 0, 3], [0, 5, 0], [1, 0, 6]]).table(&labels);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "coder ↓ model →  ally  foé  other");
        assert_eq!(lines[1], "ally               12    0      3");
    }
}
