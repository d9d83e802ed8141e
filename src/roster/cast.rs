//! Cast: the speakers of a collection as a table, one row each (`sayso cast`).

use crate::rows;
use crate::rows::cell::Cell;
use crate::stance::Labels;

use super::Member;

/// The columns in their order, with one for each stance label. `name`, `aliases`, `side` and `id` are those of a list of
/// people.
pub fn columns(labels: &Labels) -> Vec<String> {
    const BEFORE: [&str; 9] =
        ["name", "id", "aliases", "type", "roles", "side", "other_sides", "documents", "statements"];
    let labels = labels.names().iter().map(String::as_str);
    let columns = BEFORE.into_iter().chain(labels).chain(["basis", "doc_id", "statement_id", "quote"]);
    columns.map(str::to_owned).collect()
}

/// Roles told of one speaker.
const ROLES: usize = 5;

/// What stands between the names in one cell.
const SEPARATOR: &str = "; ";

/// One row of the cast.
#[derive(Debug, Clone)]
pub struct CastRow<'m> {
    member: &'m Member,
    aliases: String,
    roles: String,
    other_sides: String,
}

impl<'m> CastRow<'m> {
    /// The row of a speaker.
    pub fn of(member: &'m Member) -> Self {
        let mut roles: Vec<(&String, &u64)> = member.heard.roles.iter().collect();
        roles.sort_by_key(|(role, n)| (std::cmp::Reverse(**n), *role));
        let roles: Vec<&str> = roles.into_iter().take(ROLES).map(|(role, _)| role.as_str()).collect();
        Self {
            member,
            aliases: member.aliases.join(SEPARATOR),
            roles: roles.join(SEPARATOR),
            other_sides: member.sides.get(1..).unwrap_or_default().join(SEPARATOR),
        }
    }

    /// Its cells, in the order of the [`columns`]. Shares have three decimals.
    pub fn cells(&self, labels: &Labels) -> impl Iterator<Item = Cell<'_>> {
        let Member { known, kind, sides, documents, heard, .. } = self.member;
        let share =
            |n: u64| Cell::Number((1_000.0 * n as f64 / heard.statements.max(1) as f64).round() / 1_000.0);
        let shares = heard.stances.into_iter().take(labels.names().len()).map(share);
        let before = [
            Cell::Text(&known.name),
            Cell::Text(&known.id),
            Cell::Text(&self.aliases),
            Cell::Text(rows::speaker_type(*kind)),
            Cell::Text(&self.roles),
            Cell::Text(sides.first().map_or("", String::as_str)),
            Cell::Text(&self.other_sides),
            Cell::Count(*documents),
            Cell::Count(heard.statements as usize),
        ];
        let behind = [
            Cell::Text(&known.basis),
            Cell::Text(&heard.example.doc_id),
            Cell::Count(heard.example.statement_id),
            Cell::Text(&heard.example.quote),
        ];
        before.into_iter().chain(shares).chain(behind)
    }
}
