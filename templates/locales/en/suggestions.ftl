reason-often-ordered =
    { $reader ->
        [buyer]
            { $of ->
                [one] in your last order
               *[other]
                    { $all ->
                        [yes] in each of your last { $of } orders
                       *[no] in { $times } of your last { $of } orders
                    }
            }
       *[staff]
            { $of ->
                [one] in their last order
               *[other]
                    { $all ->
                        [yes] in each of their last { $of } orders
                       *[no] in { $times } of their last { $of } orders
                    }
            }
    }
reason-rhythm =
    { $every ->
        [one] about every day
       *[other] about every { $every } days
    }, { $ago ->
        [0] last today
        [one] last yesterday
       *[other] last { $ago } days ago
    }
reason-last-ordered = last on { $date }: { $quantity }
reason-count = { $count }
reason-quantity = { $pieces }
reason-quantity-packs = { $packs } ({ $pieces })
reason-season =
    { $reader ->
        [buyer] you ordered it at this time last year ({ $date })
       *[staff] they ordered it at this time last year ({ $date })
    }
reason-goes-with = goes with { $name }: in { $share } of the orders with it ({ $with } of { $of })
reason-replaces =
    { $switched ->
        [0] takes the place of { $name }
        [one] takes the place of { $name }: one retailer went over to it
       *[other] takes the place of { $name }: { $switched } retailers went over to it
    }
reason-variant = a variant of { $name }
reason-promotion = in the promotion “{ $name }”
reason-like =
    { $reader ->
        [buyer] { $buyers } of { $of } retailers most like you order it
       *[staff] { $buyers } of the { $of } retailers most like them order it
    }
reason-kind =
    { $reader ->
        [buyer] { $buyers } of { $of } retailers of your kind order it
       *[staff] { $buyers } of { $of } retailers of their kind order it
    }
reason-popular = { $buyers } of all { $of } retailers order it
reason-rising =
    sells { $whole }.{ $tenth } times as well as before: { $recent ->
        [one] one order
       *[other] { $recent } orders
    } in 4 weeks, { $before } in the 52 weeks before
reason-rising-new =
    new demand: { $recent ->
        [one] one order
       *[other] { $recent } orders
    } in 4 weeks, none in the 52 weeks before
reason-category =
    { $reader ->
        [buyer]
            { $orders ->
                [one] from { $name }, of which you have ordered once
               *[other] from { $name }, of which you have ordered { $orders } times
            }
       *[staff]
            { $orders ->
                [one] from { $name }, of which they have ordered once
               *[other] from { $name }, of which they have ordered { $orders } times
            }
    }
reason-brand =
    { $reader ->
        [buyer]
            { $orders ->
                [one] by { $name }, a brand you have ordered once
               *[other] by { $name }, a brand you have ordered { $orders } times
            }
       *[staff]
            { $orders ->
                [one] by { $name }, a brand they have ordered once
               *[other] by { $name }, a brand they have ordered { $orders } times
            }
    }
reason-just-added = new in the range, ordered by nobody yet
reasons-label = Why this is suggested
dismiss-not-now = Not now
dismiss-not-for-us = Not for us
dismiss-done = { $name } will not be suggested before { $date }.
dismiss-undo = Undo
dismiss-undone = { $name } may be suggested again.
dismiss-take-back = Suggest again
dismissed-title = Not suggested
dismissed-text = What your company does not want suggested for now. It can be found and ordered as ever.
dismissed-said = Said
dismissed-until = Not before
dismissed-none-title = Nothing is left out
dismissed-none = What you or your colleagues answer with “Not now” or “Not for us” stands here, and can be taken back.
dismissed-home = To your order
dismissed-link = Not suggested
dismiss-what = Do not suggest { $name }
dismiss-help = Leaves it out for your whole company: for a while, or for half a year.
