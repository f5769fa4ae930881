//! Posts: what everybody can read, who is told of it, and who likes it.

use crate::customers::NotPossible;
use crate::message::Link;
use crate::simulator::Simulator;

/// One post, as X keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub id: String,
    pub created_ms: u64,
    pub author: String,
    /// With X's short links.
    pub text: String,
    /// As it was written.
    pub written: String,
    pub links: Vec<Link>,
    /// The post that it answers.
    pub in_reply_to: Option<String>,
    /// Where its button leads.
    pub direct_message_deep_link: Option<String>,
    /// The users whom it names.
    pub mentioned: Vec<String>,
    /// The file that it shows.
    pub media: Option<String>,
}

impl Simulator {
    /// A customer mentions the account in a post. Gives the post's id.
    pub fn customer_mentions(&mut self, now_ms: u64, customer: &str, account: &str, text: &str) -> String {
        self.meet(customer);
        self.meet(account);
        let mut post = self.draft_post(now_ms, customer, text);
        if !post.mentioned.iter().any(|user| user == account) {
            post.mentioned.push(account.to_owned());
        }
        self.publish(now_ms, post)
    }

    /// A customer likes a post of the account's.
    pub fn customer_likes(
        &mut self,
        now_ms: u64,
        customer: &str,
        account: &str,
        post_id: &str,
    ) -> Result<(), NotPossible> {
        self.advance(now_ms);
        self.meet(customer);
        let post = self.post(post_id).filter(|post| post.author == account).ok_or(NotPossible::NoSuchPost)?;
        let post = self.post_json(post);
        self.deliver_like(now_ms, customer, account, &post);
        Ok(())
    }

    /// A human posts in X's own app, as the account. Gives the post's id.
    pub fn posts_in_app(&mut self, now_ms: u64, account: &str, text: &str) -> String {
        self.meet(account);
        let post = self.draft_post(now_ms, account, text);
        self.publish(now_ms, post)
    }

    /// Every post of everybody, oldest first.
    pub fn posts(&self) -> &[Post] {
        &self.posts
    }

    pub(crate) fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    /// A post with an id, its links shortened; nothing is kept yet.
    pub(crate) fn draft_post(&mut self, now_ms: u64, author: &str, text: &str) -> Post {
        let id = self.ids.next(now_ms);
        let (shortened, links) = self.shortened(text, &id);
        Post {
            id,
            created_ms: now_ms,
            author: author.to_owned(),
            text: shortened,
            written: text.to_owned(),
            links,
            in_reply_to: None,
            direct_message_deep_link: None,
            mentioned: self.mentioned_in(text),
            media: None,
        }
    }

    /// Keeps a post, and owes it to its author, to those whom it names, and to the one whom it answers.
    pub(crate) fn publish(&mut self, now_ms: u64, post: Post) -> String {
        self.advance(now_ms);
        let answered = post.in_reply_to.as_deref().and_then(|id| self.post(id)).map(|post| post.author.clone());
        let mut told: Vec<String> = Vec::new();
        for user in [&post.author].into_iter().chain(&post.mentioned).chain(&answered) {
            if !told.contains(user) {
                told.push(user.clone());
            }
        }
        let (id, body) = (post.id.clone(), self.post_json(&post));
        for user in told {
            self.deliver_post(now_ms, &user, user == post.author, &body);
        }
        self.tell_of_post(now_ms, &post, answered.as_deref());
        self.posts.push(post);
        id
    }

    fn mentioned_in(&self, text: &str) -> Vec<String> {
        let names = text.split('@').skip(1).map(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            end.and_then(|end| rest.get(..end)).unwrap_or(rest)
        });
        let mut users: Vec<String> = Vec::new();
        for name in names {
            let user = self.users.values().find(|user| user.username.eq_ignore_ascii_case(name));
            users.extend(user.map(|user| user.id.clone()).filter(|id| !users.contains(id)));
        }
        users
    }
}
