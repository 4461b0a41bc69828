list-and = { $some } and { $last }
promotion-items = { $items }
promotion-items-except = { $items }, except { $except },
promotion-the-items = the items listed
promotion-everything = everything
promotion-brand = everything by { $name }
promotion-category = everything in “{ $name }”
promotion-packs =
    { $count ->
        [one] { $count } order unit
       *[other] { $count } order units
    }
promotion-pack = order unit
promotion-part = { $count } of { $name }
promotion-tier = from { $from } on { $off } off
promotion-says-percent =
    { $rate } off { $assortment }{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , from { $from } on
           *[many] , from { $from } of an item on
        }
    }.
promotion-says-amount =
    { $off } off each { $unit } of { $assortment }{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , from { $from } on
           *[many] , from { $from } of an item on
        }
    }.
promotion-says-fixed-price =
    { $price } for each { $unit } of { $assortment }, where that is less than the account’s own price{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , from { $from } on
           *[many] , from { $from } of an item on
        }
    }.
promotion-says-buy-get =
    Of every { $cycle } of { $items ->
        [one] {""}
       *[many] one item of {""}
    }{ $assortment } { $get } { $get ->
        [one] is
       *[other] are
    } { $free ->
        [yes] free
       *[no] { $rate } off
    }{ $times ->
        [0] {""}
        [1] , once an order
       *[other] , up to { $times } times an order
    }.
promotion-says-buy-get-other =
    For every { $buy } of { $assortment }, { $get } in the same order: { $free ->
        [yes] free
       *[no] { $rate } off
    }{ $times ->
        [0] {""}
        [1] , once an order
       *[other] , up to { $times } times an order
    }.
promotion-says-free-goods =
    For every { $buy } of { $assortment }, { $give } free{ $times ->
        [0] {""}
        [1] , once an order
       *[other] , up to { $times } times an order
    }.
promotion-says-bundle =
    { $parts } together for { $price }{ $times ->
        [0] {""}
        [1] , once an order
       *[other] , up to { $times } times an order
    }.
promotion-says-mix-and-match = Of { $assortment }, mixed as one likes: { $tiers }.
promotion-says-order-value = By the net value of { $assortment } in the order: { $tiers }.
promotion-says-free-freight = No freight from { $from } net of { $assortment } on.
promotion-any-item = anything
promotion-these-items = these items
promotion-gist-tier = { $off } off from { $from }
promotion-until = { $gist } until { $date }
promotion-gist-percent =
    { $any ->
        [yes] { $rate } off
       *[no] { $rate } off from { $from }
    }
promotion-gist-amount =
    { $any ->
        [yes] { $off } off each { $unit }
       *[no] { $off } off each { $unit } from { $from }
    }
promotion-gist-fixed-price =
    { $any ->
        [yes] { $price } a { $unit }
       *[no] { $price } a { $unit } from { $from }
    }
promotion-gist-buy-get =
    { $buy } + { $get } { $free ->
        [yes] free
       *[no] at { $rate } off
    }
promotion-gist-buy-get-other =
    with { $buy }: { $get } { $free ->
        [yes] free
       *[no] at { $rate } off
    }
promotion-gist-free-goods = { $buy } + { $give } free
promotion-gist-bundle =
    { $count ->
        [one] { $count } item for { $price }
       *[other] { $count } items together for { $price }
    }
promotion-gist-tiers = { $tiers }
promotion-gist-free-freight = free freight from { $from }
promotion-near = Add { $missing } to get { $gain }.
promotion-missing-item = { $count } of { $name }
promotion-missing-of = { $count } of { $assortment }
promotion-missing-parts = { $parts }
promotion-missing-value = { $amount }
promotion-missing-value-of = { $amount } of { $assortment }
promotion-gain-off = { $off } off
promotion-gain-off-each = { $off } off each { $unit }
promotion-gain-price-each = each { $unit } for { $price }
promotion-gain-goods =
    { $part } { $free ->
        [yes] free
       *[no] at { $rate } off
    }
promotion-gain-bundle = the bundle for { $price }
promotion-gain-freight = free freight
promotion-valid-between = From { $from } to { $until }.
promotion-valid-from = From { $from } on.
promotion-limit-account =
    { $count ->
        [one] In at most one order of each account.
       *[other] In at most { $count } orders of each account.
    }
promotion-limit-uses =
    { $count ->
        [one] In at most one order in all.
       *[other] In at most { $count } orders in all.
    }
promotion-limit-cap = Gives { $amount } in all at most.
promotion-limit-none = Without a limit of its own.
promotion = Promotion
promotions-count =
    { $count ->
        [one] { $count } promotion
       *[other] { $count } promotions
    }
promotions-q = Name or code
promotions-none = No promotion yet
promotions-none-text = Promotions stand here from their first draft to their last order.
promotions-none-found = No promotion fits
promotions-none-found-text = Try another name, code or state.
promotion-new = New promotion
promotion-state-draft = Draft
promotion-state-submitted = Waits for approval
promotion-state-approved = Approved
promotion-state-running = Running
promotion-state-ended = Ended
promotion-state-stopped = Stopped
promotion-state-settled = Settled
promotion-state-cancelled = Cancelled
promotion-kind-percent = Percentage off
promotion-kind-amount = Amount off each
promotion-kind-fixed_price = Fixed price
promotion-kind-buy_get = Buy some, get some of the same
promotion-kind-buy_get_other = Buy some, get another item cheaper
promotion-kind-free_goods = Buy some, goods come free
promotion-kind-bundle = Bundle
promotion-kind-mix_and_match = Mix and match
promotion-kind-order_value = Order value
promotion-kind-free_freight = Free freight
promotion-help-percent = A share off every item of the assortment, from a quantity of that item on.
promotion-help-amount = So much off each case or piece of an item, from a quantity of it on.
promotion-help-fixed_price = Each case or piece of an item costs so much, where that is less than the account’s price.
promotion-help-buy_get = Of so many of one item, some are free or cheaper: buy 10, get 2.
promotion-help-buy_get_other = For every so many of the assortment, an item that is in the order too gets free or cheaper.
promotion-help-free_goods = For every so many of the assortment, goods come along at no charge, as a line of their own.
promotion-help-bundle = Several items together for one price.
promotion-help-mix_and_match = The more of the assortment, mixed as one likes, the more off all of it.
promotion-help-order_value = From a value of the assortment on, something off it.
promotion-help-free_freight = From a value of the assortment on, no freight.
promotion-count-packs = cases (order units)
promotion-count-pieces = pieces
promotion-calendar = Calendar
promotion-calendar-more =
    { $count ->
        [one] One more promotion falls into this time; the list below has it.
       *[other] { $count } more promotions fall into this time; the list below has them.
    }
promotion-validity = Runs
promotion-orders = Orders
promotion-spent = Spent
promotion-by = Planned by
promotion-row = For retailers
promotion-assortment = Assortment
promotion-audience = Reaches
promotion-limits = Limits
promotion-stacking = With others
promotion-class-none = Together with other promotions, priority { $priority }.
promotion-class-of = Only the best of the class “{ $class }” applies; priority { $priority }.
promotion-reached =
    { $count ->
        [0] no account
        [one] { $count } account
       *[other] { $count } accounts
    }
promotion-reach-everybody = All accounts
promotion-reach-nobody = Nobody yet
promotion-reach-groups = Groups: { $names }
promotion-reach-regions = Regions: { $names }
promotion-reach-accounts =
    { $count ->
        [one] One account by number
       *[other] { $count } accounts by number
    }
promotion-item = Item
promotion-list-value = At list price
promotion-discount = Discount
promotion-free = free
promotion-example = Example baskets
promotion-example-prices = At list prices, by the rules that orders go through
promotion-example-none = There is no example: nothing of the assortment can be sold at a list price to those it reaches.
promotion-example-below = A little less
promotion-example-at = Just enough
promotion-example-next = The next step
promotion-edit = Edit
promotion-edit-title = Edit { $name }
promotion-edit-lead = A draft can be changed until it is submitted. Somebody else approves it.
promotion-submit = Submit for approval
promotion-withdraw = Take back to draft
promotion-approve = Approve
promotion-return = Send back
promotion-word = What should be changed?
promotion-stop = Stop promotion
promotion-settle = Settle
promotion-copy = Copy
promotion-cancel = Cancel promotion
promotion-decide = Your decision
promotion-decide-text = { $name } asks for approval. Once approved, it applies to orders in its time and can be stopped, but not changed.
promotion-waits-own = You submitted this promotion, so somebody else has to approve it: marketing, finance or an administrator.
promotion-does = What it does
promotion-history = History
promotion-was-created = Drafted by { $name }
promotion-was-submitted = Submitted by { $name }
promotion-was-approved = Approved by { $name }
promotion-was-stopped = Stopped
promotion-latest = Latest orders
promotion-latest-none = No order has used it yet.
promotion-order-net = Order, net
promotion-spend = Spend
promotion-spend-rate = { $rate } of the volume
promotion-volume = Volume, net
promotion-pieces =
    { $count ->
        [one] { $count } piece of its items
       *[other] { $count } pieces of its items
    }
promotion-of-accounts =
    { $count ->
        [one] of { $count } account
       *[other] of { $count } accounts
    }
promotion-cap = Spend cap
promotion-cap-alt = { $rate } of the cap is spent
promotion-use-reserved = Order on hold
promotion-use-committed = Order confirmed
promotion-use-released = Came to nothing
promotion-created = The draft is saved. Nothing applies before it is approved.
promotion-saved = The draft is saved.
promotion-copied = This is a copy as a new draft. Check dates and audience.
promotion-done-submitted = Submitted. Somebody else has to approve it.
promotion-done-withdrawn = It is a draft again.
promotion-done-approved = Approved. It applies to orders in its time.
promotion-done-sent-back = Sent back to draft with your word.
promotion-done-stopped = Stopped. New orders no longer get it; orders that have it keep it.
promotion-done-cancelled = Cancelled. It will not run.
promotion-done-settled = Settled. Its figures are final.
promotion-go-on = Look at “{ $name }”
promotion-moved-on = “{ $name }” has moved on: { $state }.
promotion-overtaken = Somebody else has changed “{ $name }” in the meantime. Nothing of yours was done.
promotion-not-draft = “{ $name }” is no draft any more ({ $state }), so it cannot be changed. A running promotion can be stopped; a copy can be changed.
promotion-not-running = “{ $name }” does not run ({ $state }), so there is nothing to stop.
promotion-not-over = “{ $name }” is not over yet ({ $state }). It is settled after its last day.
promotion-not-cancellable = “{ $name }” has begun ({ $state }). A running promotion is stopped, not cancelled.
promotion-four-eyes = You submitted “{ $name }” yourself. Somebody else has to approve it.
promotion-time-over = The time of “{ $name }” is over. Give it another time before it goes on.
promotion-reaches-nobody = “{ $name }” reaches no account. Choose its audience before you submit it.
promotion-beyond-portfolio = “{ $name }” reaches accounts that you do not look after. Choose accounts of yours by number.
promotion-fund-currency = The fund of “{ $name }” is in another currency.
promotion-still-reserved =
    { $count ->
        [one] One order on hold still reserves some of “{ $name }”. Decide about it first.
       *[other] { $count } orders on hold still reserve some of “{ $name }”. Decide about them first.
    }
promotion-mechanic = Mechanic
promotion-when = Name and time
promotion-money = Money and limits
promotion-preview = Preview
promotion-check = Check
promotion-preview-empty = Fill in the form and check it: here stands what the promotion does, whom it reaches, and an example.
promotion-preview-faults = Before there is a preview:
promotion-save = Save draft
promotion-leave = Leave without saving
promotion-assortment-hint = Nothing chosen is everything
promotion-f-buy = Buy
promotion-f-get = Get
promotion-f-rate = Per cent off
promotion-f-rate-hint = Where goods are given: empty is free
promotion-f-each = Amount off each, or price of each
promotion-f-from = From a quantity of
promotion-f-from-hint = Empty: any quantity
promotion-f-count-in = Counted in
promotion-f-gift = SKU that is given or gets cheaper
promotion-f-gift-quantity = How many of it
promotion-f-gift-in = In
promotion-f-bundle-price = Price of the bundle
promotion-f-from-value = From a net value of
promotion-f-times = Times an order
promotion-f-none-hint = Empty: no limit
promotion-f-parts = Items of the bundle
promotion-f-parts-hint = A line each: SKU and how many cases, such as “ST-1004 2”. For pieces: “ST-1004 2 pieces”.
promotion-f-tiers = Steps
promotion-f-tiers-hint = A line each: from how many (or which value) on, and what is off. “6 5%” or “500 25.00”.
promotion-f-skus = SKUs
promotion-f-skus-hint = Pasted from anywhere, between blanks, commas or lines.
promotion-f-brands = Brands
promotion-f-categories = Categories
promotion-f-without = Take some out of it
promotion-f-without-skus = Not these SKUs
promotion-f-without-brands = Not these brands
promotion-f-without-categories = Not these categories
promotion-f-own-accounts = Your promotions reach accounts that you look after.
promotion-f-chosen = Chosen accounts
promotion-f-accounts = Account numbers
promotion-f-accounts-hint = Between blanks, commas or lines.
promotion-f-groups = Groups
promotion-f-regions = Regions
promotion-f-name = Name
promotion-f-name-hint = Retailers read it.
promotion-f-code = Code
promotion-f-code-hint = Short and once only, such as “SPRING-26”.
promotion-f-valid-from = First day
promotion-f-valid-last = Last day
promotion-f-fund-none = none
promotion-f-cap = Spend cap of its own
promotion-f-per-account = Orders of each account
promotion-f-uses = Orders in all
promotion-f-class = Exclusivity class
promotion-f-class-hint = Of one class, only the best applies. Empty: together with all.
promotion-f-priority = Priority
promotion-f-priority-hint = The smaller number first.
promotion-f-currency = Currency
promotion-f-note = Note for colleagues
fund = Fund
funds-lead = Budgets that promotions spend from. Orders reserve what they use, and commit it once they are confirmed.
funds-none = No fund yet
funds-none-text = A promotion with a fund stops by itself when the budget is spent.
fund-promotions = Promotions
fund-promotions-none = No promotion spends from it
fund-promotions-none-text = Choose this fund in a promotion’s form.
fund-burn = Budget
fund-burn-alt = { $rate } of the budget of { $name } is used
fund-used = { $used } of { $budget }
fund-left = { $amount } left
fund-parts = { $committed } committed, { $reserved } reserved
fund-new = New fund
fund-create = Create fund
fund-created = The fund is ready.
fund-saved = The budget is changed.
fund-budget = Budget
fund-budget-new = New budget
fund-budget-save = Change budget
fund-code = Fund { $code }
fund-book = Book
fund-book-none = Nothing was taken yet
fund-book-none-text = Each order that uses a promotion of this fund leaves its entries here.
fund-entry = Entry
fund-entry-reserve = Reserved
fund-entry-commit = Committed
fund-entry-release = Released
fund-reserved = Reserved
fund-committed = Committed
error-promotion-code-taken = This code is taken. Choose another.
error-promotion-priority = A whole number from 0 to 999, please.
error-promotion-ends-before = The last day is before the first one.
error-promotion-over = The last day is over already.
error-promotion-nobody = Choose at least one account, group or region.
error-promotion-skus =
    { $count ->
        [one] There is no product with this SKU: { $typed }
       *[other] { $count } SKUs are unknown: { $typed }
    }
error-promotion-accounts =
    { $count ->
        [one] There is no account with this number among yours: { $typed }
       *[other] { $count } account numbers are not among yours: { $typed }
    }
error-promotion-rows = At most { $most } entries, please.
error-promotion-part = “{ $typed }” is not understood. A line is SKU and quantity, such as “ST-1004 2”.
error-promotion-part-twice = { $typed } is named twice. Write it once, with its whole quantity.
error-promotion-parts-few = A bundle has at least two items.
error-promotion-sku = There is no product with this SKU: { $typed }
error-promotion-tier = “{ $typed }” is not understood. A line is where the step begins and what is off, such as “6 5%”.
error-promotion-tiers-rise = “{ $typed }” does not begin above the step before it.
error-promotion-fund-currency = This fund is in { $currency }.
error-promotion-changed-meanwhile = Somebody else has saved this draft since you opened it. Save once more to overwrite their version, or open it again to see it.
error-figure = This is not a figure we can use here.
error-figure-ambiguous = With three digits after the mark this could be read in two ways. Write 2500 or 2.50.
error-fund-below-used = { $used } are reserved or committed already; the budget cannot be lower.
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
