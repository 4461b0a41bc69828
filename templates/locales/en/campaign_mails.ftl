promotion-mail-subject = { $promotion } – { $brand }
promotion-mail-subject-saving = { $promotion }: { $saving } off what you usually order
promotion-mail-subject-reminder = Not ordered yet: { $promotion }
promotion-mail-subject-weekday = { $promotion } ends on { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
promotion-mail-ends-weekday = “{ $promotion }” ends on { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }.
promotion-mail-ends-on = “{ $promotion }” ends on { $date }.
promotion-mail-goes-on = “{ $promotion }” goes on.
promotion-mail-not-ordered = You have not ordered with it yet.
promotion-mail-until = Until { $date }.
promotion-mail-saves =
    { $ahead ->
        [yes] You save { $saving } on what you take while it lasts, ordered at once.
       *[no] You save { $saving } on the quantities below.
    }
promotion-mail-along =
    { $ahead ->
        [yes] Goods worth { $along } come along free with what you take while it lasts, ordered at once.
       *[no] Goods worth { $along } come along free with the quantities below.
    }
promotion-mail-items =
    { $ahead ->
        [yes] What you take while it lasts
       *[no] Your quantities
    }
promotion-mail-price = Your price
promotion-mail-instead = instead of { $before }
promotion-mail-more =
    { $count ->
        [one] And one more item.
       *[other] And { $count } more items.
    }
promotion-mail-because = { $name }: { $reason }.
promotion-mail-open = Prepare my order
promotion-mail-prices = Your own net prices of today. Nothing is ordered before you have looked at it and sent it off.
campaign-note = { $promotion } is for you
campaign-note-saving = { $promotion }: { $saving } off what you usually order
campaign-note-reminder = { $promotion } ends soon, and you have not ordered with it yet
campaign-note-report =
    { $ordered ->
        [one] { $promotion }: one of { $accounts } accounts that were told has ordered
       *[other] { $promotion }: { $ordered } of { $accounts } accounts that were told have ordered
    }
campaign-report-subject =
    { $ordered ->
        [0] { $promotion }: what came of it
        [one] { $promotion }: one account has ordered – thank you
       *[other] { $promotion }: { $ordered } accounts have ordered – thank you
    }
campaign-report-text =
    { $own ->
        [yes] The mails on this promotion have done their work. Of your { $accounts } accounts that were told, { $ordered } ordered with it.
       *[no] The mails on this promotion have done their work. Of { $accounts } accounts that were told, { $ordered } ordered with it.
    }
campaign-report-mailed = People told
campaign-report-clicked = Opened their prepared order
campaign-report-ordered = Accounts told that ordered
campaign-report-holdout = Accounts not told that ordered
campaign-report-of = { $some } of { $all }
campaign-report-orders = Orders with the promotion
campaign-report-sales = Sales of its items in them, net
campaign-report-thanks = Thank you for your part in it.
campaign-report-open = See the campaign
