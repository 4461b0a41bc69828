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
        [one] In one order of each account.
       *[other] In { $count } orders of each account.
    }
promotion-limit-uses =
    { $count ->
        [one] In one order in all.
       *[other] In { $count } orders in all.
    }
promotion-limit-cap = Gives { $amount } in all at most.
promotion-limit-none = Without a limit of its own.
