list-and = { $some } und { $last }
promotion-items = { $items }
promotion-items-except = { $items } (ausgenommen { $except })
promotion-the-items = den aufgeführten Artikeln
promotion-everything = allem
promotion-brand = allem von { $name }
promotion-category = allem aus „{ $name }“
promotion-packs =
    { $count ->
        [one] { $count } Bestelleinheit
       *[other] { $count } Bestelleinheiten
    }
promotion-pack = Bestelleinheit
promotion-part = { $count } { $name }
promotion-tier = ab { $from } { $off } Rabatt
promotion-says-percent =
    { $rate } Rabatt bei { $assortment }{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , ab { $from }
           *[many] , ab { $from } eines Artikels
        }
    }.
promotion-says-amount =
    { $off } Rabatt je { $unit } bei { $assortment }{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , ab { $from }
           *[many] , ab { $from } eines Artikels
        }
    }.
promotion-says-fixed-price =
    { $price } je { $unit } bei { $assortment }, wo das günstiger als der eigene Preis ist{ $any ->
        [yes] {""}
       *[no] { $items ->
            [one] , ab { $from }
           *[many] , ab { $from } eines Artikels
        }
    }.
promotion-says-buy-get =
    Von je { $cycle } { $items ->
        [one] {""}
       *[many] desselben Artikels von {""}
    }{ $assortment } { $get ->
        [one] ist { $get }
       *[other] sind { $get }
    } { $free ->
        [yes] gratis
       *[no] um { $rate } günstiger
    }{ $times ->
        [0] {""}
        [1] , einmal je Auftrag
       *[other] , höchstens { $times }-mal je Auftrag
    }.
promotion-says-buy-get-other =
    Für je { $buy } von { $assortment } im selben Auftrag { $get } { $free ->
        [yes] gratis
       *[no] um { $rate } günstiger
    }{ $times ->
        [0] {""}
        [1] , einmal je Auftrag
       *[other] , höchstens { $times }-mal je Auftrag
    }.
promotion-says-free-goods =
    Zu je { $buy } von { $assortment } kommt { $give } gratis dazu{ $times ->
        [0] {""}
        [1] , einmal je Auftrag
       *[other] , höchstens { $times }-mal je Auftrag
    }.
promotion-says-bundle =
    { $parts } zusammen für { $price }{ $times ->
        [0] {""}
        [1] , einmal je Auftrag
       *[other] , höchstens { $times }-mal je Auftrag
    }.
promotion-says-mix-and-match = Von { $assortment }, beliebig gemischt: { $tiers }.
promotion-says-order-value = Nach dem Nettowert von { $assortment } im Auftrag: { $tiers }.
promotion-says-free-freight = Frachtfrei ab { $from } netto von { $assortment }.
promotion-until = { $gist } bis { $date }
promotion-gist-percent =
    { $any ->
        [yes] { $rate } Rabatt
       *[no] { $rate } Rabatt ab { $from }
    }
promotion-gist-amount =
    { $any ->
        [yes] { $off } Rabatt je { $unit }
       *[no] { $off } Rabatt je { $unit } ab { $from }
    }
promotion-gist-fixed-price =
    { $any ->
        [yes] { $price } je { $unit }
       *[no] { $price } je { $unit } ab { $from }
    }
promotion-gist-buy-get =
    { $buy } + { $get } { $free ->
        [yes] gratis
       *[no] um { $rate } günstiger
    }
promotion-gist-buy-get-other =
    bei { $buy }: { $get } { $free ->
        [yes] gratis
       *[no] um { $rate } günstiger
    }
promotion-gist-free-goods = { $buy } + { $give } gratis
promotion-gist-bundle =
    { $count ->
        [one] { $count } Artikel für { $price }
       *[other] { $count } Artikel zusammen für { $price }
    }
promotion-gist-tiers = { $tiers }
promotion-gist-free-freight = frachtfrei ab { $from }
promotion-near = Noch { $missing }, dann { $gain }.
promotion-missing-item = { $count } { $name }
promotion-missing-of = { $count } von { $assortment }
promotion-missing-parts = { $parts }
promotion-missing-value = { $amount }
promotion-missing-value-of = { $amount } von { $assortment }
promotion-gain-off = { $off } Rabatt
promotion-gain-off-each = { $off } Rabatt je { $unit }
promotion-gain-price-each = { $price } je { $unit }
promotion-gain-goods =
    { $part } { $free ->
        [yes] gratis
       *[no] um { $rate } günstiger
    }
promotion-gain-bundle = alles zusammen für { $price }
promotion-gain-freight = frachtfrei
promotion-valid-between = Vom { $from } bis { $until }.
promotion-valid-from = Ab { $from }.
promotion-limit-account =
    { $count ->
        [one] In einem Auftrag je Kunde.
       *[other] In { $count } Aufträgen je Kunde.
    }
promotion-limit-uses =
    { $count ->
        [one] In einem Auftrag insgesamt.
       *[other] In { $count } Aufträgen insgesamt.
    }
promotion-limit-cap = Insgesamt höchstens { $amount }.
promotion-limit-none = Ohne eigene Grenze.
