# Vorschläge neben Artikeln, Warenkorb, Listen und Aktionen.
due-now = fällig
facet-due = Ihr Rhythmus
facet-due-1 = Wieder fällig
instead-title = Stattdessen
together-title = Oft zusammen bestellt
together-share = in { $share } der Bestellungen damit ({ $with } von { $of })
instead-replaces =
    { $switched ->
        [0] als Ersatz vorgesehen
        [one] ein Händler ist darauf umgestiegen
       *[other] { $switched } Händler sind darauf umgestiegen
    }
instead-variant = eine Variante davon
habit-rhythm =
    { $every ->
        [one] Sie bestellen das etwa jeden Tag
       *[other] Sie bestellen das etwa alle { $every } Tage
    }, meist { $quantity }; { $ago ->
        [0] zuletzt heute
        [one] zuletzt gestern
       *[other] zuletzt vor { $ago } Tagen
    }
habit-last = Sie bestellen meist { $quantity }; zuletzt am { $date }
forgotten-title = Vergessen?
forgotten-why = Bestellen Sie sonst, und es fehlt im Warenkorb
goes-with-title = Passt zu Ihrem Warenkorb
cart-empty-usual = Zu Ihrer üblichen Bestellung
quick-order-usual =
    { $count ->
        [one] Übliche Bestellung einfüllen (eine Zeile)
       *[other] Übliche Bestellung einfüllen ({ $count } Zeilen)
    }
nothing-unfiltered =
    { $count ->
        [one] Ohne die Filter gibt es einen Treffer
       *[other] Ohne die Filter gibt es { $count } Treffer
    }
nothing-nearest = Vielleicht meinten Sie
nothing-usual = Das bestellen Sie sonst
fitting-title = Aktionen, die zu Ihnen passen
fitting-all = Alle Aktionen
fitting-usual-saves = spart { $saving } bei dem, was Sie sonst bestellen
fitting-usual-along = Ware im Wert von { $along } kommt dazu, wenn Sie wie üblich bestellen
fitting-usual-both = spart { $saving } bei dem, was Sie sonst bestellen, und Ware im Wert von { $along } kommt dazu
fitting-ahead-saves = spart { $saving }, wenn Sie Ihren Bedarf der Laufzeit auf einmal bestellen
fitting-ahead-along = Ware im Wert von { $along } kommt dazu, wenn Sie Ihren Bedarf der Laufzeit auf einmal bestellen
fitting-ahead-both = spart { $saving }, wenn Sie Ihren Bedarf der Laufzeit auf einmal bestellen, und Ware im Wert von { $along } kommt dazu
fitting-quantities =
    { $count ->
        [one] Ihre übliche Menge
       *[other] Ihre üblichen Mengen von { $count } Artikeln
    }
fitting-quantities-ahead =
    { $count ->
        [one] Ihr Bedarf der Laufzeit
       *[other] Ihr Bedarf der Laufzeit an { $count } Artikeln
    }
fitting-add = Meine üblichen Mengen in den Warenkorb
fitting-add-ahead = Diese Mengen in den Warenkorb
fitting-net = Zusammen { $net } mit allen Aktionen
