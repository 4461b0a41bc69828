campaign-results = Results of the mails
campaign-result-state-planned = planned
campaign-result-state-sending = being sent
campaign-result-state-finished = sent
campaign-result-state-stopped = stopped
campaign-result-planned = To be announced on { $date }. What comes of it will stand here from the first mail on.
campaign-result-remind = Those who have not ordered by then are reminded on { $date }.
campaign-result-since = Counted since { $from }; { $share } of the accounts, drawn by chance, are told nothing by mail.
campaign-result-until = It ended on { $until }.
campaign-result-running = Counting goes on until the promotion ends.
campaign-result-own = These are your accounts alone.
campaign-result-nobody = Nobody in these accounts was to be written to.
campaign-result-others = Other announcements:
campaign-effect-more = The mails brought about { $value } more, between { $low } and { $high }.
campaign-effect-less = With mails, accounts ordered about { $value } less: between { $low } and { $high }.
campaign-effect-open-more = The mails brought about { $value } more, between { $low } and { $high }; not certain yet.
campaign-effect-open-less = With mails, accounts ordered about { $value } less, between { $low } and { $high }; that may be chance.
campaign-effect-caption = The bar is where the true effect lies 95 times in 100; the thin line is no effect at all. Where the bar does not touch the line, the mails did something.
campaign-effect-figures = What the mails brought, with the range it lies in
campaign-effect-measure = Measure
campaign-effect-brought = Brought
campaign-effect-from = at least
campaign-effect-to = at most
campaign-effect-sales = Sales of the promotion’s items, net, in all accounts told
campaign-effect-sales-each = The same, an account
campaign-effect-orders = Orders with the promotion
campaign-effect-share = Share of accounts that ordered with it
campaign-effect-how = Accounts are compared as they were drawn, told or not, whether or not the mail was read; what they ordered of the same items in the eight weeks before is taken into account. The range is right for one look at the end; who looks daily and stops at the first good day is wrong more often.
campaign-untold-no-holdout = What the mails brought cannot be told: all accounts were told, so there is nobody to compare with. A hold-out of 10% or more makes it visible next time.
campaign-untold-few-held-out =
    { $accounts ->
        [one] What the mails brought cannot be told: only one account was told nothing. From 10 on it can be reckoned.
       *[other] What the mails brought cannot be told: only { $accounts } accounts were told nothing. From 10 on it can be reckoned.
    }
campaign-untold-few-told =
    { $accounts ->
        [one] What the mails brought cannot be told: only one account was told. From 10 on it can be reckoned.
       *[other] What the mails brought cannot be told: only { $accounts } accounts were told. From 10 on it can be reckoned.
    }
campaign-untold-few-ordered =
    { $accounts ->
        [0] What the mails brought cannot be told yet: no account has ordered any of the promotion’s items. From 5 on it can be reckoned.
        [one] What the mails brought cannot be told yet: one account has ordered any of the promotion’s items. From 5 on it can be reckoned.
       *[other] What the mails brought cannot be told yet: { $accounts } accounts have ordered any of the promotion’s items. From 5 on it can be reckoned.
    }
campaign-untold-own = For all accounts together, marketing sees more.
campaign-wave-announcement = Announcement
campaign-wave-reminder = Reminder
campaign-wave-people =
    { $count ->
        [one] to one person
       *[other] to { $count } people
    }
campaign-step-written = Written
campaign-step-sent = Sent
campaign-step-delivered = Delivered
campaign-step-opened = Opened
campaign-step-clicked = Clicked
campaign-wave-waiting =
    { $count ->
        [one] One mail waits for its reader’s morning.
       *[other] { $count } mails wait for their readers’ mornings.
    }
campaign-wave-daily =
    { $count ->
        [one] One person is told in the daily mail, as they chose.
       *[other] { $count } people are told in their daily mail, as they chose.
    }
campaign-wave-on-the-way =
    { $count ->
        [one] One is on its way to the mail server.
       *[other] { $count } are on their way to the mail server.
    }
campaign-wave-bounced =
    { $count ->
        [one] One came back.
       *[other] { $count } came back.
    }
campaign-wave-failed =
    { $count ->
        [one] One could not be sent and was given up.
       *[other] { $count } could not be sent and were given up.
    }
campaign-without-unsubscribed =
    { $count ->
        [one] One person wants no such mails.
       *[other] { $count } people want no such mails.
    }
campaign-without-disabled =
    { $count ->
        [one] One person may no longer sign in.
       *[other] { $count } people may no longer sign in.
    }
campaign-without-suppressed =
    { $count ->
        [one] One address no longer takes mail.
       *[other] { $count } addresses no longer take mail.
    }
campaign-without-capped =
    { $count ->
        [one] One person had enough promotion mails this week.
       *[other] { $count } people had enough promotion mails this week.
    }
campaign-without-ordered =
    { $count ->
        [one] One person’s company has ordered already.
       *[other] { $count } people’s companies have ordered already.
    }
campaign-without-no-user =
    { $count ->
        [one] One person no longer orders for the account.
       *[other] { $count } people no longer order for their accounts.
    }
campaign-without-no-item =
    { $count ->
        [one] For one person there was nothing to offer: hidden, or without a price.
       *[other] For { $count } people there was nothing to offer: hidden, or without a price.
    }
campaign-without-nothing-gained =
    { $count ->
        [one] One person would not have gained by it.
       *[other] { $count } people would not have gained by it.
    }
campaign-without-not-reached =
    { $count ->
        [one] The promotion no longer reaches one person’s account.
       *[other] The promotion no longer reaches the accounts of { $count } people.
    }
campaign-without-over =
    { $count ->
        [one] For one person the promotion was over by then.
       *[other] For { $count } people the promotion was over by then.
    }
campaign-without-stopped =
    { $count ->
        [one] One mail was not written: the campaign was stopped.
       *[other] { $count } mails were not written: the campaign was stopped.
    }
campaign-without-other =
    { $count ->
        [one] One person got none for another reason.
       *[other] { $count } people got none for other reasons.
    }
campaign-arms = What accounts ordered since the announcement
campaign-arm = Accounts
campaign-arm-told = told by mail
campaign-arm-held = told nothing
campaign-arm-accounts = In all
campaign-arm-ordering = Ordered with the promotion
campaign-arm-share = Share
campaign-arm-orders = Orders with it
campaign-arm-each = Its items, net an account
campaign-arm-before = In the 8 weeks before
