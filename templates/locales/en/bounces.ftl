mail-kind-mail-comes-back = Mail comes back
mail-kind-mail-comes-back-when = To the KAM when one of their people can no longer be written to: there is no such address, or they called a mail unwanted.
mail-comes-back-subject = Mail to { $name } ({ $account }) comes back
mail-comes-back-subject-complaint = { $name } ({ $account }) called a mail unwanted
mail-comes-back-text = Mail to { $name } at { $email } comes back. Nothing more is sent to this address, so { $account } ({ $number }) may miss confirmations and offers.
mail-comes-back-text-complaint = { $name } at { $account } ({ $number }) marked one of our mails as unwanted. Nothing more is sent to { $email }.
mail-comes-back-said = The mail server said
mail-comes-back-next = Ask them for an address that works. An administrator can change it, or lift the block if the mailbox is back.
mail-comes-back-next-complaint = Have a word with them: confirmations do not reach them either. An administrator can lift the block when they want mail again.
mail-comes-back-open = Open account
comes-back-said = Mail to { $name } ({ $account }) comes back: nothing more is sent to { $email }.
comes-back-said-complaint = { $name } ({ $account }) called a mail unwanted: nothing more is sent to { $email }.
user-comes-back = mail comes back
user-comes-back-hint = Nothing is sent to this address any more: mail came back, or its reader called it unwanted.

bounces-title = Returned mail
bounces-lead = What mail servers reported: addresses that do not exist, mailboxes that are full, readers who want no more.
bounces-none-title = Nothing came back
bounces-none = Reports of your mail service stand here, and those you upload from the mailbox that returned mail goes to.
bounces-address = Address
bounces-what = What came back
bounces-mail = Mail
bounces-source-webhook = reported by the mail service
bounces-source-mailbox = from a mailbox
bounces-source-refusal = refused at sending
bounce-kind-hard = no such address
bounce-kind-soft = may go next time
bounce-kind-complaint = called unwanted
bounces-upload-title = Read a mailbox
bounces-upload-lead = A mailbox file (mbox) or a single message of the mailbox that returned mail goes to. Reports of mails that Kontor did not send are left out, and what was read before counts once.
bounces-upload-file = File
bounces-upload = Read reports
bounces-read = { $messages ->
    [one] 1 message read
   *[other] { $messages } messages read
 }: { $new } new reports, { $known } known, { $foreign } of no mail of ours. { $suppressed ->
    [0] Every address stays in use.
    [one] 1 address is written to no more.
   *[other] { $suppressed } addresses are written to no more.
 }
bounces-mailbox-unreadable = This is neither a mailbox nor a message.

suppressions-title = Blocked addresses
suppressions-lead = Nothing is sent to these addresses, whatever it is: a link to sign in as little as a promotion.
suppressions-none-title = No address is blocked
suppressions-none = Addresses come here by themselves when mail to them comes back or their reader calls it unwanted. You can add one by hand.
suppressions-none-found = No blocked address holds these letters.
suppressions-address = Address
suppressions-why = Why
suppressions-since = Since
suppressions-q = Address
suppressions-add-title = Block an address
suppressions-add = Block address
suppressions-detail = Reason, for your colleagues
suppressions-lift = Lift block
suppressions-lift-named = Lift the block of { $email }
suppression-known = This address is blocked already.
suppression-added = Nothing more is sent to { $email }.
suppression-lifted = Mail to { $email } leaves again. What was withheld meanwhile is not sent later.
suppressed-bounce = mail came back
suppressed-complaint = called a mail unwanted
suppressed-by_hand = added by hand

mail-filter-q = Address
mail-filter-state = State
mail-filter-kind = Kind
mail-filter-any = Any
mail-none-found = No mail fits these filters.
mail-state-withheld = withheld
mail-state-bounced = came back
withheld-disabled = Not sent: by the time it was due, its reader could no longer sign in.
withheld-unsubscribed = Not sent: by the time it was due, its reader wanted no more mails on this topic.
withheld-suppressed = Not sent: mail to this address came back before, or its reader called one unwanted.
withheld-other = Not sent: it was no longer wanted when it was due ({ $word }).
mail-headers = Headers
mail-headers-lead = As the message carries them; the mail server adds its own on the way.
mail-came-back = Came back
