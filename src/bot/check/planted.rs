//! Mistakes, each planted in a sound script: what the checker, and the lines that it names, are tested with.

use super::{Limits, characters};

pub const LIMITS: Limits = Limits {
    text: 100,
    options: 4,
    label: 10,
    description: 12,
    metadata: 30,
    buttons: 1,
    post: 20,
    weight: |text| 2 * characters(text),
    link: |target| format!("{target:?}"),
    welcome: 90,
    welcome_name: 10,
    profile_name: 8,
};

/// A script around these nodes that is sound but for them, and for what is said besides.
pub fn around(nodes: &str, more: &str) -> String {
    let nodes = nodes.trim_start().replace("OPTIONS", "options: [{ label: home, go: s }]");
    format!(
        "version: 1\nname: a\nstart: s\nfallback: s\ncommands: {{ extra: x }}\n{more}\nnodes:\n  s: {{ say: hi, options: [{{ label: again, go: s }}] }}\n  {nodes}"
    )
}

/// On this line the nodes begin, and on that what is said besides.
pub const NODES_LINE: usize = 9;
pub const MORE_LINE: usize = 6;

/// Nodes, and what is told of them.
pub const IN_NODES: &[(&str, &str)] = &[
    ("x: { say: [hi, ''], OPTIONS }", "nodes.x.say: It says nothing"),
    ("x: { say: hi }", "nodes.x: There is no way on"),
    ("x: { when: [{ if: 'text', go: s }] }", "nodes.x: When no condition holds"),
    ("x: { OPTIONS }", "nodes.x: It says nothing, and the customer"),
    ("x: { media: 'https://example.com/a.png', go: s }", "nodes.x: X shows pictures and buttons only with a text"),
    ("x: { say: hi, media: '../a.png', OPTIONS }", "nodes.x.media: '../a.png' is not in the bot's folder"),
    (
        "x: { say: hi, media: 'http://example.com/a.png', OPTIONS }",
        "nodes.x.media: 'http://example.com/a.png' is no https",
    ),
    ("x: { post: { say: hi, media: '../a.png' }, go: s }", "nodes.x.post.media: '../a.png' is not in the bot's"),
    ("x: { post: { say: hi, media: 'https://a.example/b' }, go: s }", "nodes.x.post.media: A post carries files"),
    ("x: { say: hi, go: s, OPTIONS }", "nodes.x: It leads on in several ways"),
    ("x: { say: hi, go: soo }", "nodes.x.go: There is no node 'soo'. Is it 's'?"),
    ("x: { say: hi, options: [{ label: a, go: nowhere }] }", "nodes.x.options[0].go: There is no node 'nowhere'"),
    (
        "x: { say: hi, options: [{ label: a, go: s }, { label: b, go: s }] }",
        "nodes.x.options[1]: Two options here have the id 's'",
    ),
    (
        "x: { say: hi, options: [{ label: a label too long, go: s }] }",
        "nodes.x.options[0].label: 16 characters; X takes 10",
    ),
    ("x: { say: hi, options: [{ label: 'http://a', go: s }] }", "nodes.x.options[0].label: X refuses a link"),
    ("x: { say: hi, options: [{ label: See b.com, go: s }] }", "nodes.x.options[0].label: X refuses a link"),
    ("x: { say: hi, options: [{ label: Stop!, go: s }] }", "nodes.x.options[0].label: 'Stop!' already means"),
    (
        "x: { say: hi, options: [{ label: a, words: [opt-out], go: s }] }",
        "nodes.x.options[0].words: 'opt-out' already means",
    ),
    (
        "x: { say: hi, options: [{ label: a, go: s }, { label: A!, id: b, go: s }] }",
        "nodes.x.options[1]: Two options here have the label 'A!'",
    ),
    (
        "x: { say: hi, ask: { into: a, retry: hm, confirm: ok?, confirm_labels: ['', a.com], go: s } }",
        "nodes.x.ask.confirm_labels: A label without a word",
    ),
    (
        "x: { say: hi, ask: { into: a, retry: hm, confirm: ok?, confirm_labels: [a, a.com], go: s } }",
        "nodes.x.ask.confirm_labels: X refuses a link",
    ),
    (
        "x: { say: hi, ask: { into: a, retry: hm, confirm: ok?, confirm_labels: [a, A], go: s } }",
        "nodes.x.ask.confirm_labels: Both are the same",
    ),
    (
        "x: { say: hi, options: [{ label: a, description: one two three, go: s }] }",
        "nodes.x.options[0].description: 13 characters",
    ),
    (
        "x: { say: hi, options: [{ label: a, description: d, go: s }, { label: b, id: b, go: s }] }",
        "nodes.x: Some options have a description",
    ),
    (
        "x: { say: hi, options: [{ each: data.list, label: '{{ item }}', go: s }] }",
        "nodes.x.options[0]: The options of a list need ids",
    ),
    (
        "x: { say: hi, options: [{ label: a, id: '{{ text }}', go: s }] }",
        "nodes.x.options[0].id: An id must stay the same",
    ),
    (
        "x: { say: hi, options: [{ label: a, id: 'this id is longer than thirty characters', go: s }] }",
        "nodes.x.options[0].id: 42 characters",
    ),
    (
        "x: { say: hi, options: [{ label: a, id: a, go: s }, { label: b, id: b, go: s }, { label: c, id: c, go: s }, { label: d, id: d, go: s }, { label: e, id: e, go: s }] }",
        "nodes.x: 5 options; X shows 4",
    ),
    (
        "x: { say: hi, buttons: [{ label: '', url: 'https://a.b' }], OPTIONS }",
        "nodes.x.buttons[0]: A button without a label",
    ),
    (
        "x: { say: hi, buttons: [{ label: a, url: 'http://a.b' }], OPTIONS }",
        "nodes.x.buttons[0].url: X would refuse this url",
    ),
    ("x: { say: hi, buttons: [{ label: a, follow: 'a b' }], OPTIONS }", "nodes.x.buttons[0].follow"),
    ("x: { say: hi, buttons: [{ label: a, message: somebody }], OPTIONS }", "nodes.x.buttons[0].message"),
    ("x: { say: hi, buttons: [{ label: a }], OPTIONS }", "nodes.x.buttons[0]: A button leads to one thing"),
    (
        "x: { say: hi, buttons: [{ label: a, url: 'https://a.b' }, { label: b, url: 'https://a.b' }], OPTIONS }",
        "nodes.x: 2 buttons; X shows 1",
    ),
    ("x: { say: hi, profile: nobody, OPTIONS }", "nodes.x.profile: There is no profile 'nobody'"),
    ("x: { say: '{{ custmer.name }}', OPTIONS }", "nodes.x.say: Nothing is called 'custmer'. Is it 'customer'?"),
    ("x: { say: '{{ customer.nmae }}', OPTIONS }", "nodes.x.say: 'customer' has no 'nmae'. Is it 'name'?"),
    ("x: { say: '{{ data.resort }}', OPTIONS }", "nodes.x.say: 'data' has no 'resort'"),
    ("x: { say: '{{ text | shout }}', OPTIONS }", "nodes.x.say: The template cannot be used: unknown filter"),
    ("x: { say: '{{ text', OPTIONS }", "nodes.x.say: The template cannot be used: syntax error"),
    (
        "x: { say: '{% for a in range(9999) %}{% for b in range(9999) %}.{% endfor %}{% endfor %}', OPTIONS }",
        "nodes.x.say: The template cannot be used: it does not end",
    ),
    ("x: { when: [{ if: 'text ==', go: s }], go: s }", "nodes.x.when[0].if: The template cannot be used"),
    (
        "x: { say: hi, ask: { into: age, retry: hm, go: y } }\n  y: { when: [{ if: 'age >= 18', go: s }], go: s }",
        "nodes.y.when[0].if: 'age' is a text: compared with the number 18 it always gives the same. Ask for it with",
    ),
    (
        "x: { say: '{% if 3 == text %}ho{% endif %}', OPTIONS }",
        "nodes.x.say: 'text' is a text: compared with the number 3",
    ),
    ("x: { set: { customer: 1 }, go: s }", "nodes.x.set.customer: 'customer' has a meaning of its own"),
    ("x: { set: { a-b: 1 }, go: s }", "nodes.x.set.a-b: 'a-b' cannot be the name"),
    ("x: { say: hi, ask: { into: a, retry: '', go: s } }", "nodes.x.ask.retry: It says nothing"),
    ("x: { say: hi, ask: { into: a, retry: hm, min: 3, max: 2, go: s } }", "nodes.x.ask: No answer is between 3 and 2"),
    (
        "x: { say: hi, ask: { into: a, kind: date, retry: hm, min: 3, go: s } }",
        "nodes.x.ask: Dates, yes and no have no size",
    ),
    ("x: { call: { get: 'http://a.b', into: a, on_error: s }, go: s }", "nodes.x.call: The address must be https"),
    (
        "x: { call: { get: 'https://{{ text }}/a', into: a, on_error: s }, go: s }",
        "nodes.x.call: The address must be https",
    ),
    (
        "x: { call: { get: 'https://a.b', into: a, within: 5m, on_error: s }, go: s }",
        "nodes.x.call.within: The customer waits",
    ),
    (
        "x: { call: { get: 'https://a.b', json: {}, into: a, on_error: s }, go: s }",
        "nodes.x.call.json: Only a POST has a body",
    ),
    ("x: { call: { into: a, on_error: s }, go: s }", "nodes.x.call: It needs an address"),
    (
        "x: { call: { get: \"https://a.b/{{ secret('A') }}\", into: a, on_error: s }, go: s }",
        "nodes.x.call: The template cannot be used: unknown function",
    ),
    (
        "x: { call: { get: 'https://a.b', headers: { Host: c }, into: a, on_error: s }, go: s }",
        "nodes.x.call.headers.Host: 'Host' cannot be set",
    ),
    (
        "x: { skill: { name: leaderbord.record, into: a, on_error: s }, go: s }",
        "nodes.x.skill.name: There is no skill 'leaderbord.record'. Is it 'leaderboard.record'?",
    ),
    (
        "x: { skill: { name: leaderboard.standings, with: { board: a, par: 3 }, into: a, on_error: s }, go: s }",
        "nodes.x.skill.with: 'leaderboard.standings' needs 'pars'",
    ),
    (
        "x: { post: { say: more than ten }, go: s }",
        "nodes.x.post.say: 13 characters, which X counts as 26; it takes 20",
    ),
    ("x: { post: { say: hi, prompt: nothing }, go: s }", "nodes.x.post.prompt: There is no welcome message 'nothing'"),
    ("x: { post: { say: hi, reply: true }, go: s }", "nodes.x.post.reply: Only a mention"),
    (
        "x: { say: hi, go: y }\n  y: { say: ho, go: x }",
        "nodes.y: A circle that never waits for the customer: x → y → x",
    ),
    ("x: { say: ho, OPTIONS }\n  lonely: { say: hm, OPTIONS }", "nodes.lonely: Nothing leads here"),
    ("x: { say: ho, OPTIONS }\n  a/b: { say: hm, OPTIONS }", "nodes.a/b: 'a/b' cannot be a node's name"),
    (
        "x: { say: hi, ask: { into: a, retry: hm, confirm: ok?, confirm_labels: ['{{ text }}', b], go: s } }",
        "nodes.x.ask.confirm_labels: It is said as it stands",
    ),
    ("x: { say: hi, ask: { into: text, retry: hm, go: s } }", "nodes.x.ask.into: 'text' has a meaning of its own"),
    (
        "x: { call: { get: 'https://a.b', into: text, on_error: s }, go: s }",
        "nodes.x.call.into: 'text' has a meaning of its own",
    ),
    (
        "x: { say: hi, options: [{ label: a, set: { 1a: 1 }, go: s }] }",
        "nodes.x.options[0].set.1a: '1a' cannot be the name",
    ),
];

/// What is said besides, and what is told of it.
pub const BESIDES: &[(&str, &str)] = &[
    ("everywhere: [{ label: Back, go: gone }]", "everywhere[0].go: There is no node 'gone'"),
    ("profile: nobody", "profile: There is no profile 'nobody'"),
    ("profiles: { a: { name: much too long a name, avatar: a.png } }", "profiles.a.name: 20 characters"),
    ("profiles: { a: { name: '', avatar: /etc/a.png } }", "profiles.a.avatar: '/etc/a.png' is not in the bot's folder"),
    ("welcome_messages: { 'a/b': { say: hi } }", "welcome_messages.a/b: X takes no such name"),
    (
        "welcome_messages: { a: { say: 'hi {{ customer.name }}' } }",
        "welcome_messages.a: A welcome message is the same for everybody",
    ),
    ("welcome_messages: { a: { say: '' } }", "welcome_messages.a.say: It says nothing"),
    (
        "welcome_messages: { a: { say: hi, options: [{ label: b, go: gone }] } }",
        "welcome_messages.a.options[0].go: There is no node 'gone'",
    ),
    (
        "welcome_messages: { a: { say: hi, options: [{ label: b, description: '{{ text }}', go: s }] } }",
        "welcome_messages.a: A welcome message is the same for everybody",
    ),
    (
        "welcome_messages: { a: { say: hi, buttons: [{ label: b, url: 'https://a.b/{{ text }}' }] } }",
        "welcome_messages.a: A welcome message is the same for everybody",
    ),
    (
        "welcome_messages: { a: { say: hi, media: 'media/{{ text }}.png' } }",
        "welcome_messages.a: A welcome message is the same for everybody",
    ),
    (
        "welcome_messages: { a: { say: hi, options: [{ label: b, set: { c: '{{ custmer.name }}' }, go: s }] } }",
        "welcome_messages.a.options[0].set.c: Nothing is called 'custmer'",
    ),
    (
        "everywhere: [{ label: a, go: s }, { label: b, id: b, go: s }, { label: c, id: c, go: s }]",
        "everywhere: 3 options; with those of a node X shows 4",
    ),
    ("opt_in: { words: [Stop], say: hi }", "opt_in.words: 'Stop' already means"),
    ("start_over: example.com", "start_over: X refuses a link"),
    ("default_welcome: gone", "default_welcome: There is no welcome message 'gone'"),
    ("on: { follow: gone }", "on.follow: There is no node 'gone'"),
    ("opt_out: { words: [], say: bye }", "opt_out.words: X's rules want a word"),
    ("more: a label that is long", "more: 20 characters"),
    ("apology: ''", "apology: It says nothing"),
    ("apology: 'Sorry, {{ customer.name }}'", "apology: It is said as it stands"),
    ("start_over: '{{ text }}'", "start_over: It is said as it stands"),
    ("more: '{{ text }}'", "more: It is said as it stands"),
    ("variables: { 'a b': 1 }", "variables.a b: 'a b' cannot be the name"),
    ("everywhere: [{ label: Back, set: { text: 1 }, go: s }]", "everywhere[0].set.text: 'text' has a meaning"),
    ("welcome_messages: { a: { say: hi, profile: nobody } }", "welcome_messages.a.profile: There is no profile"),
];
