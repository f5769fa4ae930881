//! The lines and the points, exactly.

use super::*;

fn message() -> Message {
    Message {
        outcome: "sent",
        kind: "dm",
        id: Id::of("event:2001:dm.message:19000/0"),
        account: Id::of("2001"),
        customer: Id::of("3001"),
        by: Id::of("bot"),
        attempts: 1,
        since_owed: Span(40).into(),
        call: Some(Span(31).into()),
        ..Message::default()
    }
}

#[test]
fn each_line_is_written_exactly_so() {
    let handled = Delivery {
        outcome: "handled",
        account: Some(Id::of("2001")),
        job: Some(Id::of("m1")),
        attempts: Some(1),
        items: Some(1),
        bytes: Some(412),
        waited: Some(Span(25).into()),
        took: Some(Span(180).into()),
        ..Delivery::default()
    };
    let refused = Delivery { outcome: "refused", why: Some("signature"), bytes: Some(17), ..Delivery::default() };
    let job = Job {
        outcome: "again",
        kind: "converse.v1",
        job: Id::of("m2"),
        account: Some(Id::of("2001")),
        attempts: 3,
        took: Span(9).into(),
    };
    let turn = Turn {
        account: Id::of("2001"),
        customer: Id::of("3001"),
        number: 7,
        cause: Id::of("event:2001:dm.message:19000"),
        by: Id::of("bot"),
        node: Some(Id::of("menu")),
        messages: 2,
        since_written: Some(Span(95).into()),
    };
    let sent = Message {
        x_id: Some(Id::of("19001")),
        since_written: Some(Span(140).into()),
        since_received: Some(Span(60).into()),
        ..message()
    };
    let failed = Message { outcome: "failed", status: Some(403), code: Some(349), ..message() };
    let sweep = Sweep { jobs: 3, conversations: 2, spilled: 1, took: Span(12).into(), ..Sweep::default() };
    for (told, json) in [
        (
            Told::Delivery(handled),
            r#"{"event":"delivery","outcome":"handled","account":"2001","job":"m1","attempts":1,"items":1,"bytes":412,"waited_ms":25,"ms":180}"#,
        ),
        (Told::Delivery(refused), r#"{"event":"delivery","outcome":"refused","why":"signature","bytes":17}"#),
        (
            Told::Job(job),
            r#"{"event":"job","outcome":"again","kind":"converse.v1","job":"m2","account":"2001","attempts":3,"ms":9}"#,
        ),
        (
            Told::Turn(turn),
            r#"{"event":"turn","account":"2001","customer":"3001","number":7,"cause":"event:2001:dm.message:19000","by":"bot","node":"menu","messages":2,"written_ms":95}"#,
        ),
        (
            Told::Message(sent),
            r#"{"event":"message","outcome":"sent","kind":"dm","id":"event:2001:dm.message:19000/0","account":"2001","customer":"3001","by":"bot","x_id":"19001","attempts":1,"owed_ms":40,"call_ms":31,"written_ms":140,"answer_ms":60}"#,
        ),
        (
            Told::Message(failed),
            r#"{"event":"message","outcome":"failed","kind":"dm","id":"event:2001:dm.message:19000/0","account":"2001","customer":"3001","by":"bot","status":403,"code":349,"attempts":1,"owed_ms":40,"call_ms":31}"#,
        ),
        (
            Told::Sweep(sweep),
            r#"{"event":"sweep","jobs":3,"conversations":2,"in_doubt":0,"files":0,"replays":0,"look_ups":0,"tokens":0,"spilled":1,"ms":12}"#,
        ),
    ] {
        assert_eq!(told.json(), json);
    }
}

#[test]
fn a_point_has_each_thing_in_its_place() {
    let failed = Message { outcome: "failed", status: Some(403), code: Some(349), ..message() };
    let overloaded = Message { outcome: "unknown", status: Some(503), ..message() };
    let unsigned = Delivery { outcome: "refused", why: Some("signature"), bytes: Some(17), ..Delivery::default() };
    let turn =
        Turn { account: Id::of("2001"), by: Id::of("bot"), node: Some(Id::of("menu")), messages: 2, ..Turn::default() };
    let sweep = Sweep { jobs: 3, ..Sweep::default() };
    for (told, json) in [
        (
            Told::Message(failed),
            r#"{"indexes":["2001"],"blobs":["message","failed","dm","349"],"doubles":[-1,-1,40,31,1,-1,-1]}"#,
        ),
        (
            Told::Message(overloaded),
            r#"{"indexes":["2001"],"blobs":["message","unknown","dm","503"],"doubles":[-1,-1,40,31,1,-1,-1]}"#,
        ),
        (
            Told::Delivery(unsigned),
            r#"{"indexes":["app"],"blobs":["delivery","refused","signature",""],"doubles":[-1,-1,-1,-1,-1,-1,17]}"#,
        ),
        (Told::Turn(turn), r#"{"indexes":["2001"],"blobs":["turn","bot","menu",""],"doubles":[-1,-1,-1,-1,-1,2,-1]}"#),
        (Told::Sweep(sweep), r#"{"indexes":["app"],"blobs":["sweep","","",""],"doubles":[-1,-1,-1,0,-1,3,-1]}"#),
    ] {
        assert_eq!(told.point(), json);
        assert!(serde_json::from_str::<serde_json::Value>(json).is_ok());
    }
}

#[test]
fn what_is_no_id_is_not_told() {
    let long = "1".repeat(LONGEST + 1);
    for text in ["", "my order", "Grüße", "{\"a\":1}", "a\nb", "=abc", long.as_str()] {
        assert_eq!(Id::of(text), Id("?".to_owned()), "{text}");
    }
    for id in ["1893471234567890001", "call:event:2001:dm.message:19/0", "agent:0f3a", "m000001", "ask_number"] {
        assert_eq!(Id::of(id), Id(id.to_owned()));
    }
}

#[test]
fn clocks_that_differ_take_no_time_back() {
    assert_eq!(Ms::from(Span(-5)), Ms(0));
}
