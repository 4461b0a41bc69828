trial-refused-next = Look at the trials
trial-already-runs = A trial with this very share runs already. Nothing was changed.
trial-none-runs = No trial runs: it has been ended already.
nav-suggestions = Effect of suggestions
effect-lead-none = What suggestions do for orders, and what becomes of them.
effect-lead-running = Since { $at }, { $share } of the accounts go without suggestions, drawn by chance.
effect-lead-ended = From { $from } to { $to }, { $share } of the accounts went without suggestions, drawn by chance.
effect-conclusion = What can be said
effect-conclusion-note = What an account orders in a week decides the trial. An interval of 95% is wrong one time in twenty; who looks daily and stops at the first good day is wrong far more often. Set a day to decide on, and wait for it.
effect-not-enough = Not enough yet: { $with } accounts with suggestions and { $without } without have ordered, in { $days } days. From { $accounts } in each and { $least-days } days on, something can be said.
effect-more-weekly-value = Accounts with suggestions order for { $rate } more a week than accounts without: between { $low } and { $high } more.
effect-less-weekly-value = Accounts with suggestions order for { $rate } less a week than accounts without: between { $low } and { $high } less.
effect-open-weekly-value = In what accounts order a week, no difference can be told: it lies between { $low } and { $high }. This many accounts would show one of { $detectable } or more.
effect-no-weekly-value = What accounts order a week cannot be compared.
effect-more-median-seconds = An order takes them { $rate } longer: between { $low } and { $high } longer.
effect-less-median-seconds = An order takes them { $rate } less time: between { $low } and { $high } less.
effect-open-median-seconds = In the time an order takes, no difference can be told: it lies between { $low } and { $high }.
effect-no-median-seconds = The time an order takes cannot be compared: too few visits ended with one.
effect-metric = Measure
effect-metric-weekly-value = Value per account and week
effect-metric-weekly-orders = Orders per account and week
effect-metric-order-value = Value of an order
effect-metric-order-lines = Lines of an order
effect-metric-median-seconds = Time to order, median
effect-metric-mean-seconds = Time to order, mean
effect-metric-suggested-share = Lines from suggestions
effect-with = With suggestions
effect-without = Without
effect-all = All accounts
effect-compared = Compared
effect-numbers = Numbers
effect-difference = Difference
effect-relative = In per cent
effect-verdict = Means
effect-verdict-more = more
effect-verdict-less = less
effect-verdict-open = no difference to tell
effect-verdict-not-enough = not enough yet
effect-detectable = would show from { $rate } on
effect-duration = { $minutes ->
        [0] { $seconds } s
       *[other] { $minutes } min { $seconds } s
    }
effect-orders = { $count ->
        [one] order
       *[other] orders
    }
effect-accounts = { $ordering } of { $accounts } accounts ordered
effect-foreign = { $count ->
        [one] 1 order in another currency is counted, but not in the values.
       *[other] { $count } orders in other currencies are counted, but not in the values.
    }
effect-figure = Differences between accounts with and without suggestions; the table below has the numbers
effect-figure-caption = How far accounts with suggestions are from those without, in per cent, and the range the true difference lies in 95 times in 100. What does not touch the line in the middle is a difference.
effect-none = no difference
period-from = From
period-to = To
period-show = Show
period-order = The last day is before the first.
period-length = At most { $days } days at once, please.
funnel-title = What became of suggestions
funnel-lines = { $count ->
        [one] of 1 order line
       *[other] of { $count } order lines
    }
funnel-none = In these days nothing was suggested to anybody.
funnel-list = List
funnel-shown = Shown
funnel-in-carts = In carts
funnel-ordered = Ordered
funnel-changed = Other quantity
funnel-dismissed = Dismissed
funnel-share = Of all lines
funnel-accepted = { $rate } of shown
funnel-unknown = Not known
suggestion-list-usual = Usual order
suggestion-list-due = Due
suggestion-list-new = New to try
suggestion-list-goes_with = Goes with it
suggestion-list-forgotten = Forgotten?
suggestion-list-instead = Instead
suggestion-list-promotion = In a promotion
surfaces-title = Where they were shown
surfaces-where = Page
surfaces-unknown = Not known
surface-home = Home
surface-catalogue = Catalogue
surface-product = Product
surface-cart = Cart
surface-quick_order = Quick order
surface-search = Search
surface-api = API
surface-mail = Mail
surface-kam = Account profile
trial-none-title = Nothing is being tried
trial-none = In a trial, some accounts drawn by chance go without suggestions for a while. Only so can it be told what suggestions do. Set the share below and begin.
trial-no-control = In this trial nobody goes without suggestions, so there is nothing to compare with.
trial-share = Accounts that go without, in per cent
trial-share-hint = 0 to 50. At a tenth, few do without, and it takes longer to tell.
trial-share-range = Please enter a per cent from 0 to 50, with two decimals at most.
trial-begin = Begin a trial
trial-begin-another = End this one and begin another
trial-begun = The trial runs: { $share } of the accounts go without suggestions from now on.
trial-end = End the trial
trial-ended = The trial has ended. Everybody sees suggestions.
trial-unknown = There is no such trial.
trials-title = Trials
trials-none = There was no trial yet.
trials-begun = Begun
trials-ended = Ended
trials-running = Running
trials-share = Without
trials-by = Begun by
trials-show = Show
trials-shown = Shown above
