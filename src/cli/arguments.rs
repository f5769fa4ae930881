//! What can be typed after `perch`.

use clap::{Args, Parser, Subcommand};

use super::agents::Agents;
use super::customers::Customers;
use super::days::Days;

/// Bots for Direct Messages on X: write them, try them, publish them; connect accounts, watch and repair them.
#[derive(Parser)]
#[command(name = "perch", version, max_term_width = 100, after_help = AFTER, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

const AFTER: &str = "\
All but check, chat, graph and language talk to the deployment at PERCH_URL with ADMIN_TOKEN. Both come from the
environment or from .dev.vars in this folder, like every other secret: none is ever an argument.

Exit codes: 0 well, 1 the answer is no (mistakes in a script, a step that failed, not well, not subscribed), 2 the call
was wrong or nobody answers.

For programs: npm run --silent perch -- … --json. Without --silent the output begins with lines of npm's own.";

#[derive(Args, Clone)]
pub struct Common {
    /// The account that is meant, where there are several: its id or its @name
    #[arg(long, global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// For programs: the answer as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Args)]
pub struct ScriptFile {
    /// The script, a YAML file: bots/hello/bot.yaml
    pub file: String,
}

#[derive(Subcommand)]
pub enum Command {
    /// Every mistake of a bot script, with its line, cause and mend
    Check(ScriptFile),
    /// Talk to a bot here, without X: type, or give the number of an option
    Chat(ScriptFile),
    /// The flow of a bot as a picture (SVG)
    Graph {
        #[command(flatten)]
        script: ScriptFile,
        /// Where the picture goes; without it, to the output
        #[arg(short, long, value_name = "FILE")]
        output: Option<String>,
    },
    /// The reference of the script language
    Language {
        /// Its JSON Schema instead, for editors
        #[arg(long)]
        schema: bool,
    },
    /// What publishing a bot would change on its account
    Plan(ScriptFile),
    /// Publishes a bot: files, script, profiles, welcome messages, default rule
    Apply(ScriptFile),
    /// Publishes an earlier version again; the one before, where none is named
    Rollback {
        /// Its number, as `GET /api/scripts` and the dashboard show it
        version: Option<i64>,
    },
    /// Checks everything from the keys to X's first event; every failure with its cause and the next step
    Doctor {
        /// Do not wait for somebody to like a post, which proves the way from X to here
        #[arg(long)]
        no_wait: bool,
    },
    /// Connects an account: by its tokens in X_ACCOUNT_TOKEN and X_ACCOUNT_TOKEN_SECRET, else by an address to sign in at
    Connect {
        /// The label of a premium environment
        #[arg(long)]
        environment: Option<String>,
        /// Where X is to deliver, when it is not PUBLIC_URL
        #[arg(long, value_name = "URL")]
        webhook_url: Option<String>,
        /// How its owner signs in: oauth1 gives both dialects; oauth2 is X's newer one. Default: oauth2 where X_CLIENT_ID is set
        #[arg(long, value_parser = ["oauth1", "oauth2"])]
        with: Option<String>,
    },
    /// The accounts that are answered for
    #[command(subcommand)]
    Accounts(Accounts),
    /// The webhooks of the app on X
    #[command(subcommand)]
    Webhooks(Webhooks),
    /// Whose events X delivers
    #[command(subcommand)]
    Subscriptions(Subscriptions),
    /// Single subscriptions of X Activity, for kinds of events that no script asks for
    #[command(subcommand)]
    Activity(Activity),
    /// The account as X has it, and what its tokens may do
    Whoami,
    /// The id of somebody on X
    Lookup { name: String },
    /// A public post by the account
    Post {
        text: String,
        /// The id of the post that it answers
        #[arg(long, value_name = "ID")]
        reply_to: Option<String>,
        /// A picture, a GIF or a video
        #[arg(long, value_name = "FILE")]
        media: Option<String>,
    },
    /// The welcome messages that the account has on X; perch apply makes and changes them
    #[command(subcommand)]
    Welcome(OnX),
    /// The rules of the default welcome message
    #[command(subcommand)]
    Rules(OnX),
    /// The custom profiles that the account has on X
    #[command(subcommand)]
    Profiles(OnX),
    /// Direct Messages of the account
    #[command(subcommand)]
    Dm(Dm),
    /// Whether X delivers: webhooks, subscriptions, accounts; what is wrong, since when, and what to do
    Health,
    /// Have X deliver again what was missed; without moments, the replays so far
    Replay {
        /// The first moment that is missing, like 2026-11-23T10:00:00Z
        #[arg(long, requires = "to", value_name = "MOMENT")]
        from: Option<String>,
        #[arg(long, requires = "from", value_name = "MOMENT")]
        to: Option<String>,
    },
    /// What X bills by its list prices, by the day; of one account, or of all
    Costs {
        /// How many days back
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=400))]
        days: u16,
    },
    /// What a person should look at: accounts that rest, dead events, failed and doubtful messages
    Trouble,
    /// Queue messages that nobody could handle
    #[command(subcommand)]
    DeadLetters(DeadLetters),
    /// The people who answer in the inbox
    #[command(subcommand)]
    Agents(Agents),
    /// How an account hands over to people: shown, or changed, as in: perch handoff routing=pull notices.joined=null
    Handoff {
        #[arg(value_name = "NAME=VALUE")]
        changes: Vec<String>,
    },
    /// What is known of one customer: told, or deleted on request
    #[command(subcommand)]
    Customers(Customers),
    /// Every change that was made through the admin API, newest first
    Audit,
}

#[derive(Subcommand)]
pub enum Accounts {
    /// Every account, with what is wrong with it
    List,
    /// Answer for the account again
    On,
    /// Record what customers write, and answer nothing
    Off,
    /// Answer other accounts of this deployment too (on), or only record what they write (off, as it begins)
    AnswerOwn {
        #[arg(value_parser = ["on", "off"])]
        whether: String,
    },
    /// Choose how the account speaks
    Speak {
        /// rich: options and buttons (v1.1); plain: text and numbers (v2); auto: whatever X takes
        #[arg(value_parser = ["rich", "plain", "auto"])]
        dialect: String,
    },
    /// For how long what was said is kept
    Keep {
        /// 35 to 3650 days; forever; default: as RETENTION_DAYS says
        days: Days,
    },
    /// End the subscription, and delete everything that is known of the account
    Disconnect,
    /// Seal every account's tokens with the present TOKEN_KEY; after a second time, a minute later, TOKEN_KEY_PREVIOUS can go
    Reseal,
}

#[derive(Subcommand)]
pub enum Webhooks {
    /// All, and whether X takes them for valid
    List,
    /// Register this deployment, or another address
    Register { url: Option<String> },
    /// Have X call the address now, and take it for valid again
    Validate { id: String },
    /// Nothing is delivered there any more
    Delete { id: String },
    /// Register another address, and subscribe every account there
    Move { url: Option<String> },
}

#[derive(Subcommand)]
pub enum Subscriptions {
    /// Who is subscribed, and how many may be
    List,
    /// Whether the account is
    Check,
    /// Subscribe the account
    Add,
    /// End its subscription; what is known of it stays
    Delete,
}

#[derive(Subcommand)]
pub enum Activity {
    /// All of the app's
    List,
    /// Have X deliver one more kind of event of the account
    Add {
        /// By X's name for it, such as profile.update.bio
        event_type: String,
        /// A word of your own, to find it again
        #[arg(long)]
        tag: Option<String>,
    },
    /// Change where it goes, or its tag; nothing else can change
    Update {
        id: String,
        /// The id of the webhook
        #[arg(long)]
        webhook: Option<String>,
        #[arg(long)]
        tag: Option<String>,
    },
    Delete {
        id: String,
    },
}

#[derive(Subcommand)]
pub enum OnX {
    List,
    Show { id: String },
    Delete { id: String },
}

#[derive(Subcommand)]
pub enum Dm {
    /// Write to a customer in the account's name; the bot leaves the conversation alone for half an hour then
    Send {
        /// The customer's id
        #[arg(value_name = "CUSTOMER_ID")]
        customer: String,
        text: String,
    },
    /// One Direct Message, as X has it
    Show { id: String },
    /// The file that the message carries
    Save {
        id: String,
        /// Where it goes; without it, named after the message
        #[arg(short, long, value_name = "FILE")]
        output: Option<String>,
    },
    /// Delete it from the account's view; the other side keeps it
    Delete { id: String },
}

#[derive(Subcommand)]
pub enum DeadLetters {
    List,
    /// One as a whole, with what was in it
    Show {
        id: String,
    },
    /// Queue it again
    Retry {
        id: String,
    },
    /// It is not wanted any more
    Drop {
        id: String,
    },
}
