//! Namesakes, nicknames, short forms, and what is no name.

use super::*;

#[test]
fn what_cannot_be_one_person_is_nobody_of_the_cast() {
    let all = speakers(
        "Mayor Ana Ruiz met Bo Lind. {63 percent} said [no]. {The recording} shows [that he ran]. \
         {Protesters} said [no]. {The family} said [no]. [\"No,\"] {the winner} said.",
    );
    let shown: Vec<_> = all.iter().map(|speaker| (speaker.name.as_str(), speaker.kind)).collect();
    use SpeakerType::{Group, Organisation, Person};
    assert_eq!(
        shown,
        [
            ("63 percent", Group),
            ("recording", Organisation),
            ("Protesters", Group),
            ("The family", Group),
            ("Bo Lind", Person),
        ]
    );
}

#[test]
fn a_form_of_address_keeps_a_husband_and_his_wife_apart() {
    assert_eq!(names("President Lind spoke for his wife Maria Lind. [\"No,\"] {Mr. Lind} said."), ["Lind"]);
}

#[test]
fn nicknames_and_short_forms_have_their_full_name() {
    assert_eq!(names("Rep. Robert \"Bobby\" Lind left. [\"No,\"] {Lind} said."), ["Robert \"Bobby\" Lind"]);
    assert_eq!(
        names("The Alliance to Rescue Our Seas (AROS) met. {AROS} said [no]. {The AROS} said [yes]."),
        ["Alliance to Rescue Our Seas", "Alliance to Rescue Our Seas"]
    );
    assert_eq!(
        names("The nonpartisan Tax Policy Office met. {The nonpartisan Tax Policy Office} said [no]."),
        ["Tax Policy Office"]
    );
}

#[test]
fn who_stands_for_the_name_before_it() {
    assert_eq!(names("Ana Ruiz praised Bo Lind, {who} said [it had rained]."), ["Bo Lind"]);
}
