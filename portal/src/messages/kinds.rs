//! Every kind of mail that Kontor writes: what it is for, what it is about, and how it reads with
//! sample data. The admin's list, the lint and the snapshots go by it; a mail that is not here fails
//! a test.

use crate::auth::view::{InvitationMail, PasswordResetMail};
use crate::campaigns::letter::{CampaignReportMail, PromotionMail};
use crate::db::words::Topic;
use crate::orders::hold_mail_view::{
    HoldOpenedMail, OrderApprovedMail, OrderExpiredMail, OrderRejectedMail,
};
use crate::orders::mail_view::{OrderCancelledMail, OrderConfirmationMail, OrderReceivedMail};
use crate::stock::mail_view::BackInStockMail;
use crate::web::locale::Lang;
use crate::web::page::{MailText, PageError, Templates, View};
use crate::webhooks::view::WebhookStoppedMail;

use super::bounces;
use super::bounces::view::ComesBackMail;
use super::digest_view::{DigestMail, MorningMail};
use super::frame::MailFrame;
use super::reorder_view::UsualOrderDueMail;

/// A kind of mail. The message `mail-kind-<name>` names it, `mail-kind-<name>-when` says when it is
/// sent.
#[derive(Clone, Copy, Debug)]
pub struct MailKind {
    /// The word in the outbox.
    pub name: &'static str,
    /// Further words for it in the outbox.
    pub also: &'static [&'static str],
    /// What its reader chose a way for; none for what they get in any case.
    pub topic: Option<Topic>,
    /// The folder of its three templates.
    pub template: &'static str,
    /// Whether it gathers what was told of several topics.
    pub daily: bool,
    write: fn(&Templates, Lang, &MailFrame) -> Result<Vec<Sample>, PageError>,
}

/// A mail with sample data.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which state of affairs it shows.
    pub name: &'static str,
    /// The mail.
    pub mail: MailText,
}

/// All of them, in the order the admin's list shows them.
pub const ALL: &[MailKind] = &[
    kind::<OrderConfirmationMail>("order-confirmation", &["order-held"], Some(Topic::Orders)),
    kind::<OrderReceivedMail>("order-received", &[], Some(Topic::Accounts)),
    kind::<HoldOpenedMail>("hold-opened", &["hold-running-out"], Some(Topic::Approvals)),
    kind::<OrderApprovedMail>("order-approved", &[], Some(Topic::Approvals)),
    kind::<OrderRejectedMail>("order-rejected", &[], Some(Topic::Orders)),
    kind::<OrderExpiredMail>("order-expired", &[], Some(Topic::Orders)),
    kind::<OrderCancelledMail>("order-cancelled", &[], Some(Topic::Orders)),
    kind::<UsualOrderDueMail>("usual-order-due", &[], Some(Topic::Reorder)),
    kind::<PromotionMail>("promotion", &[], Some(Topic::Promotions)),
    kind::<CampaignReportMail>("campaign-report", &[], Some(Topic::Accounts)),
    MailKind {
        daily: true,
        ..kind::<DigestMail>("digest", &[], None)
    },
    kind::<MorningMail>("morning", &[], Some(Topic::Morning)),
    kind::<WebhookStoppedMail>("webhook-stopped", &[], Some(Topic::Accounts)),
    kind::<BackInStockMail>("back-in-stock", &[], Some(Topic::BackInStock)),
    kind::<ComesBackMail>(bounces::COMES_BACK, &[], Some(Topic::Accounts)),
    kind::<InvitationMail>("invitation", &[], None),
    kind::<PasswordResetMail>("password-reset", &[], None),
];

const fn kind<V: View>(
    name: &'static str,
    also: &'static [&'static str],
    topic: Option<Topic>,
) -> MailKind {
    MailKind {
        name,
        also,
        topic,
        template: V::TEMPLATE,
        daily: false,
        write: write::<V>,
    }
}

fn write<V: View>(
    templates: &Templates,
    lang: Lang,
    frame: &MailFrame,
) -> Result<Vec<Sample>, PageError> {
    let written = V::samples().into_iter().map(|(name, view)| {
        let mail = templates.email(&view, lang, frame)?;
        Ok(Sample { name, mail })
    });
    written.collect()
}

impl MailKind {
    /// Each of its samples in a language.
    ///
    /// # Errors
    /// A template that fails.
    pub fn samples(&self, templates: &Templates, lang: Lang) -> Result<Vec<Sample>, PageError> {
        let mut frame = MailFrame::sample(self.topic);
        if self.daily {
            frame = MailFrame {
                why: "daily".to_owned(),
                ..MailFrame::sample(Some(Topic::Orders))
            };
        }
        (self.write)(templates, lang, &frame)
    }

    /// What its reader chose a way for, as a word: a topic, or one mail a day.
    #[must_use]
    pub fn about(&self) -> Option<&'static str> {
        let daily = self.daily.then_some("daily");
        self.topic.map(Topic::name).or(daily)
    }
}

/// The kind that the outbox, or an address of the admin, calls by that word.
#[must_use]
pub fn find(word: &str) -> Option<&'static MailKind> {
    let found = |kind: &&MailKind| kind.name == word || kind.also.contains(&word);
    ALL.iter().find(found)
}
