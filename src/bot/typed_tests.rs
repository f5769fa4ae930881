//! What customers type beside what stands there: numbers, yes and no, slips, more of a list; and what a service leaves empty.

use serde_json::json;

use super::tests::Talk;

#[test]
fn more_of_what_a_service_said_is_shown_without_asking_it_again() {
    let mut talk = Talk::with(
        "version: 1\nname: l\nstart: s\nfallback: s\nvariables: { seen: 0 }\nnodes:\n  s:\n    set: { seen: '{{ seen + 1 }}' }\n    call: { get: 'https://a.example/b', into: found, on_error: t }\n    post: { say: Seen }\n    say: 'Seen {{ seen }}'\n    options: [{ each: found.all, id: '{{ item }}', label: 'Item {{ item }}', go: t }]\n  t: { say: '{{ option }}', options: [{ label: Again, go: s }] }\n",
    );
    talk.says("hi");
    talk.gets(Ok(json!({"all": (0..40).collect::<Vec<_>>()})));
    assert_eq!((talk.labels()[0].as_str(), talk.posts()), ("Item 0", 1));
    talk.says("More");
    assert_eq!((talk.text().as_str(), talk.labels()[0].as_str(), talk.posts()), ("Seen 1", "Item 19", 0));
    assert_eq!(talk.says("Item 20").text(), "20");
}

#[test]
fn what_a_service_says_to_be_nothing_reads_as_nothing() {
    let mut talk = Talk::with(
        "version: 1\nname: l\nstart: s\nfallback: s\nnodes:\n  s:\n    call: { get: 'https://a.example/b', into: found, on_error: t }\n    say: 'It is {{ found.state }}.'\n    options: [{ label: Again, go: s }]\n  t: { say: Gone, options: [{ label: Again, go: s }] }\n",
    );
    talk.says("hi");
    assert_eq!(talk.gets(Ok(json!({"state": null}))).text(), "It is .");
}

/// Who is asked so, and then has `t` said.
fn asked(ask: &str) -> Talk {
    let mut talk = Talk::with(&format!(
        "version: 1\nname: q\nstart: q\nfallback: f\nvariables: {{ n: 0 }}\nnodes:\n  q: {{ ask: {{ into: n, retry: Again?, go: t, {ask} }}, say: Well? }}\n  t: {{ say: 'It is {{{{ n }}}}.', options: [{{ label: Ask, go: q }}] }}\n  f: {{ say: What?, options: [{{ label: Ask, go: q }}] }}\n",
    ));
    talk.says("hi");
    talk
}

#[test]
fn a_number_that_would_be_an_answer_stands_beside_no_option() {
    let by_label = |talk: &Talk| talk.messages().last().unwrap().by_label;
    let mut talk = asked("kind: int, min: 2, max: 8, confirm: 'For {{ n }}?'");
    assert!(!by_label(&talk), "no option stands there");
    talk.says("4");
    assert!(by_label(&talk), "2 is an answer");
    let labels = "version: 1\nname: r\nstart: s\nfallback: s\nnodes:\n  s: { say: Rate us, options: [{ label: '5', id: five, go: t }, { label: '1', id: one, go: t }] }\n  t: { say: Thanks, options: [{ label: Again, go: s }] }\n";
    let mut talk = Talk::with(labels);
    talk.says("hi");
    assert!(by_label(&talk), "1 is a label");
    talk.says("5");
    assert!(!by_label(&talk));
}

#[test]
fn where_yes_or_no_is_asked_for_it_is_read_with_a_please_and_comes_before_what_takes_back() {
    for (typed, said) in [
        ("yes", "It is Ada."),
        ("Yes, please", "It is Ada."),
        ("Correct", "It is Ada."),
        ("no thanks", "Well?"),
        ("undo", "Well?"),
        ("that was wrong", "Well?"),
        ("Right Bank", "Right Bank, right?"),
        ("yes but with an h", "yes but with an h, right?"),
    ] {
        let mut talk = asked("confirm: '{{ n }}, right?'");
        assert_eq!(talk.says("Ada").text(), "Ada, right?");
        assert_eq!(talk.says(typed).text(), said, "{typed}");
    }
    let mut talk = asked("kind: yes_no");
    assert_eq!(talk.says("correct").text(), "It is True.");
}

#[test]
fn another_number_is_no_slip() {
    let mut talk = Talk::with(
        "version: 1\nname: t\nstart: s\nfallback: f\nnodes:\n  s: { say: When?, options: [{ label: '10:00', id: ten, go: t }, { label: Tomorrow, id: later, go: t }] }\n  t: { say: Booked., options: [{ label: Again, go: s }] }\n  f: { say: What?, options: [{ label: Again, go: s }] }\n",
    );
    talk.says("hi");
    assert_eq!(talk.says("10:30").text(), "What?");
    talk.says("Again");
    assert_eq!(talk.says("tomorow").text(), "Booked.");
}
