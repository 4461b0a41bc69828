gaps-title = Gaps against similar retailers
gaps-all = { $count ->
    [one] 1 gap in all
   *[other] All { $count } gaps
    }
gaps-none-title = No gaps
gaps-none = This account orders everything that several retailers like it order.
gaps-back = Back to the account
gaps-buyers = Order it
gaps-of = { $buyers } of { $of }
gaps-take = Each takes in 28 days
gaps-seldom = now and then
gaps-worth = { $amount } at their prices
insight-none-yet = As soon as there are orders to learn from, this stands here.
due-title = Due and overdue
due-none = Nothing this account orders in a rhythm is due this week.
due-shown = { $shown } of { $count }
due-rhythm = every { $every ->
        [one] day
       *[other] { $every } days
    }, last { $ago ->
        [0] today
        [one] yesterday
       *[other] { $ago } days ago
    }
due-late = { $days ->
        [one] 1 day late
       *[other] { $days } days late
    }
due-today = due today
due-soon = { $days ->
        [one] due tomorrow
       *[other] due in { $days } days
    }
similar-title = Like this account
similar-none = No other account orders the same items yet.
similar-percent = { $percent }% alike
similar-shared = { $count ->
        [one] 1 item in common
       *[other] { $count } items in common
    }
similar-others = { $count ->
        [one] and 1 account that a colleague looks after
       *[other] and { $count } accounts that colleagues look after
    }
similar-others-only = { $count ->
        [one] 1 account that a colleague looks after orders alike.
       *[other] { $count } accounts that colleagues look after order alike.
    }
rising-title = Rising items
rising-none = Nothing is ordered more of than in the { $days } days before.
falling-title = Falling items
falling-none = Nothing is ordered less of than in the { $days } days before.
trend-days = the last { $days } days against the { $days } before
trend-before = Before
trend-now = Now
trend-bar = As bars, above before, below now
gaps-category = Category
ranked-link = Accounts by expected gain
ranked-title = Accounts by expected gain
ranked-lead = What each account is expected to order because of the promotion, beyond what it would order anyway, less what the promotion gives. Below zero, it would cost more than it brings.
ranked-most = Ranked are the { $most } that ordered last, of { $reached } accounts it reaches.
ranked-csv = Download as CSV
ranked-back = Back to the promotion
ranked-not-ready-title = Nothing to rank by yet
ranked-none-title = No account to rank
ranked-none = None of the accounts it reaches sees its items and has a price for them, or nothing is to be had of it.
ranked-value = Expected gain
ranked-bar = Expected gain as a bar
ranked-saving = Saves on the usual
ranked-items = Likely to order
gaps-no-peers = There is no similar account to compare with yet.
