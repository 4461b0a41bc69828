holds-title = What the order waits for
holds-decided-title = What was decided
hold-due = decided by { $date }
hold-approval = Approval in your company
hold-credit = Credit limit
hold-overdue = Overdue invoices
hold-stock-short = Stock is short
hold-price-drift = A price changed
hold-below-minimum = Below the minimum order value
hold-duplicate = Looks like a duplicate
hold-unusual-quantity = Unusual quantity
hold-kam-review = Review by the key account manager
hold-export-failed = Hand-over to the warehouse
hold-level = level { $level }
hold-state-waiting = Waits its turn
hold-state-open = To be decided
hold-state-released = Released
hold-state-rejected = Rejected
hold-state-expired = Not decided in time
hold-state-withdrawn = No longer needed
hold-decided = { $name }, { $date }
hold-opened = open since { $date }
releaser-approver = An approver of the account
releaser-kam = Key account manager
releaser-finance = Finance
releaser-operations = Operations
hold-why-approval-total = Orders over { $threshold } net need approval; this one is { $net } net.
hold-why-approval-category = { $name }: over { $threshold } net needs approval; this order has { $net } of it.
hold-why-approval-off-list =
    { $count ->
        [one] One item has no agreed price: { $skus }.
       *[other] { $count } items have no agreed price: { $skus }.
    }
hold-why-approval-new-ship-to = Nothing has ever been delivered to { $name }.
hold-why-approval-budget = The budget from { $from } is { $limit } net, { $used } of it used. With { $net } this order goes { $over } over it.
hold-why-credit = This order goes over your credit limit of { $limit } by { $over }.
hold-why-credit-other = The company that pays for you has reached its credit limit.
hold-facts-credit = Limit { $limit }, exposure before it { $exposure }, this order { $gross } gross: { $over } over the limit.
hold-why-overdue =
    { $items ->
        [one] One invoice over { $overdue } is overdue, by { $days } days.
       *[other] { $items } invoices over { $overdue } in all are overdue, the oldest by { $days } days.
    }
hold-why-overdue-other = The company that pays for you has overdue invoices.
hold-facts-overdue =
    { $items ->
        [one] One invoice over { $overdue } is overdue, by { $days } days; { $tolerance } are tolerated.
       *[other] { $items } invoices over { $overdue } in all are overdue, the oldest by { $days } days; { $tolerance } are tolerated.
    }
hold-why-stock-line = { $name } ({ $sku }): { $against } of { $ordered } there, no date known for the rest.
hold-why-stock-line-date = { $name } ({ $sku }): { $against } of { $ordered } there, more on { $date }.
hold-why-stock-complete = Complete deliveries only are agreed: it leaves when everything is there.
hold-why-more-lines =
    { $count ->
        [one] One more line.
       *[other] { $count } more lines.
    }
hold-why-price-drift = Prices have changed since it was placed: { $before } net then, { $now } net now.
hold-why-below-minimum = Goods for { $net } net; the minimum order value is { $minimum }, so { $missing } are missing.
hold-why-duplicate = It has the same lines as order { $order } of { $date }.
hold-why-unusual-line = { $name } ({ $sku }): { $ordered } ordered, usually { $against }.
hold-why-kam-review = Your key account manager looks at your orders first.
hold-facts-kam-review = Review asked for: { $note }
hold-why-export-failed = It could not be handed over to the warehouse; we are looking into it.
hold-facts-export-failed = The hand-over failed: { $error }
hold-next-waiting = It is asked for once the level before has approved.
hold-next-approver = An approver of your company decides by { $date }.
hold-next-approver-named = { $name } decides by { $date }.
hold-next-kam = Your key account manager decides by { $date }.
hold-next-finance = Our finance team decides by { $date }.
hold-next-operations = Our order desk decides by { $date }.
hold-help-pay = Paying invoice { $number } over { $amount } helps.
hold-help-below-minimum = You can also cancel it, add to it and order again.
hold-help-duplicate = If it is the same order twice, cancel one of them.
hold-help-unusual-quantity = If the quantity is a slip, cancel it and order again.
hold-reason = Reason
hold-reason-hint = A reason is needed to reject, and the buyer reads it; with a release it stays with us.
hold-reason-hint-approver = Needed to reject; whoever ordered reads it either way.
hold-reason-missing = Say why in a few words: the buyer reads it.
hold-release = Release
hold-release-approver = Approve
hold-reject = Reject order
hold-of-order = of order { $number }
hold-released-done = Released. Order { $number } still waits for other decisions.
hold-confirmed-done = Order { $number } is confirmed.
hold-rejected-done = Order { $number } is rejected; the buyer is told why.
held-next = Nothing is delivered before it is confirmed; what is in stock stays reserved for you meanwhile.
held-next-staff = Its stock, promotions and credit stay reserved until it is decided.
rejected-title = This order was rejected
rejected-text = Nothing will be delivered for it, and everything it had reserved was given back. You can take its lines back into the cart, change them and order again.
expired-title = Nobody decided in time
expired-text = The order has lapsed: nothing will be delivered for it, and everything it had reserved was given back. You can take its lines back into the cart and order again.
exceptions-lead = Orders that wait for a decision: most value at risk for the longest first.
exceptions-kind = Reason
exceptions-releaser = Who decides
exceptions-releaser-mine = Me
exceptions-releaser-approver = An approver of the account
exceptions-releaser-kam = Key account manager
exceptions-releaser-finance = Finance
exceptions-releaser-operations = Operations
exceptions-why = Why it waits
exceptions-due = Decide by
exceptions-decision = Decision
exceptions-waits-for = Waits for: { $who }
exceptions-none-title = Nothing waits
exceptions-none = Orders over a credit limit, below the minimum, short of stock or out of the ordinary stand here until they are decided.
exceptions-none-found-title = Nothing fits
exceptions-none-found = No open hold fits the filters. Clear them to see all.
hold-late-released = { $name } released this already on { $date }. Nothing was changed now.
hold-late-rejected = { $name } rejected order { $number } already on { $date }. Nothing was changed now.
hold-late-expired = Nobody decided on this in time: order { $number } lapsed on { $date }.
hold-late-withdrawn = This no longer needs a decision: order { $number } was cancelled or rejected on { $date }.
hold-late-waiting = This is not to be decided yet: the level before comes first.
hold-late-next = Show order { $number }
