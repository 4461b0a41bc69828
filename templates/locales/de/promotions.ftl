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
promotion-any-item = beliebigen Artikeln
promotion-these-items = diesen Artikeln
promotion-gist-tier = { $off } Rabatt ab { $from }
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
        [one] In höchstens einem Auftrag je Kunde.
       *[other] In höchstens { $count } Aufträgen je Kunde.
    }
promotion-limit-uses =
    { $count ->
        [one] In höchstens einem Auftrag insgesamt.
       *[other] In höchstens { $count } Aufträgen insgesamt.
    }
promotion-limit-cap = Insgesamt höchstens { $amount }.
promotion-limit-none = Ohne eigene Grenze.
promotion = Aktion
promotions-count =
    { $count ->
        [one] { $count } Aktion
       *[other] { $count } Aktionen
    }
promotions-q = Name oder Code
promotions-none = Noch keine Aktion
promotions-none-text = Aktionen stehen hier vom ersten Entwurf bis zum letzten Auftrag.
promotions-none-found = Keine Aktion passt
promotions-none-found-text = Versuchen Sie einen anderen Namen, Code oder Stand.
promotion-new = Neue Aktion
promotion-state-draft = Entwurf
promotion-state-submitted = Wartet auf Freigabe
promotion-state-approved = Freigegeben
promotion-state-running = Läuft
promotion-state-ended = Beendet
promotion-state-stopped = Gestoppt
promotion-state-settled = Abgerechnet
promotion-state-cancelled = Verworfen
promotion-kind-percent = Prozente
promotion-kind-amount = Betrag je Stück oder Karton
promotion-kind-fixed_price = Festpreis
promotion-kind-buy_get = Mehr vom selben Artikel
promotion-kind-buy_get_other = Anderer Artikel günstiger
promotion-kind-free_goods = Naturalrabatt
promotion-kind-bundle = Paket
promotion-kind-mix_and_match = Bunt gemischt
promotion-kind-order_value = Auftragswert
promotion-kind-free_freight = Frachtfrei
promotion-help-percent = Ein Anteil auf jeden Artikel des Sortiments, ab einer Menge dieses Artikels.
promotion-help-amount = Ein Betrag je Karton oder Stück eines Artikels, ab einer Menge davon.
promotion-help-fixed_price = Jeder Karton oder jedes Stück kostet so viel, wo das günstiger als der Preis des Kunden ist.
promotion-help-buy_get = Von so vielen eines Artikels sind einige gratis oder günstiger: 10 kaufen, 2 dazu.
promotion-help-buy_get_other = Für je so viele des Sortiments wird ein Artikel, der auch im Auftrag ist, gratis oder günstiger.
promotion-help-free_goods = Zu je so vielen des Sortiments kommt Ware ohne Berechnung dazu, als eigene Position.
promotion-help-bundle = Mehrere Artikel zusammen zu einem Preis.
promotion-help-mix_and_match = Je mehr vom Sortiment, beliebig gemischt, desto mehr Rabatt auf alles davon.
promotion-help-order_value = Ab einem Wert des Sortiments ein Rabatt darauf.
promotion-help-free_freight = Ab einem Wert des Sortiments keine Fracht.
promotion-count-packs = Kartons (Bestelleinheiten)
promotion-count-pieces = Stück
promotion-calendar = Kalender
promotion-calendar-more =
    { $count ->
        [one] Eine weitere Aktion fällt in diese Zeit; sie steht in der Liste.
       *[other] { $count } weitere Aktionen fallen in diese Zeit; sie stehen in der Liste.
    }
promotion-validity = Zeitraum
promotion-orders = Aufträge
promotion-spent = Verbraucht
promotion-by = Geplant von
promotion-row = Für Händler
promotion-assortment = Sortiment
promotion-audience = Erreicht
promotion-limits = Grenzen
promotion-stacking = Mit anderen
promotion-class-none = Zusammen mit anderen Aktionen, Rang { $priority }.
promotion-class-of = Nur die beste der Klasse „{ $class }“ gilt; Rang { $priority }.
promotion-reached =
    { $count ->
        [0] keinen Kunden
        [one] { $count } Kunden
       *[other] { $count } Kunden
    }
promotion-reach-everybody = Alle Kunden
promotion-reach-nobody = Noch niemanden
promotion-reach-groups = Gruppen: { $names }
promotion-reach-regions = Regionen: { $names }
promotion-reach-accounts =
    { $count ->
        [one] Ein Kunde nach Nummer
       *[other] { $count } Kunden nach Nummer
    }
promotion-item = Artikel
promotion-list-value = Zum Listenpreis
promotion-discount = Rabatt
promotion-free = gratis
promotion-example = Beispielkörbe
promotion-example-prices = Zu Listenpreisen, nach den Regeln, durch die Aufträge gehen
promotion-example-none = Kein Beispiel: Nichts vom Sortiment hat für die Erreichten einen Listenpreis.
promotion-example-below = Etwas weniger
promotion-example-at = Gerade genug
promotion-example-next = Die nächste Stufe
promotion-edit = Bearbeiten
promotion-edit-title = { $name } bearbeiten
promotion-edit-lead = Ein Entwurf lässt sich ändern, bis er eingereicht ist. Jemand anderes gibt ihn frei.
promotion-submit = Zur Freigabe einreichen
promotion-withdraw = Zurück zum Entwurf
promotion-approve = Freigeben
promotion-return = Zurückgeben
promotion-word = Was soll geändert werden?
promotion-stop = Aktion stoppen
promotion-settle = Abrechnen
promotion-copy = Kopieren
promotion-cancel = Aktion verwerfen
promotion-decide = Ihre Entscheidung
promotion-decide-text = { $name } bittet um Freigabe. Danach gilt die Aktion in ihrer Zeit für Aufträge und lässt sich stoppen, aber nicht ändern.
promotion-waits-own = Sie haben diese Aktion eingereicht; jemand anderes muss sie freigeben: Marketing, Finanzen oder Administration.
promotion-does = Was sie tut
promotion-history = Verlauf
promotion-was-created = Entworfen von { $name }
promotion-was-submitted = Eingereicht von { $name }
promotion-was-approved = Freigegeben von { $name }
promotion-was-stopped = Gestoppt
promotion-latest = Letzte Aufträge
promotion-latest-none = Noch kein Auftrag hat sie genutzt.
promotion-order-net = Auftrag, netto
promotion-spend = Aufwand
promotion-spend-rate = { $rate } des Umsatzes
promotion-volume = Umsatz, netto
promotion-pieces =
    { $count ->
        [one] { $count } Stück ihrer Artikel
       *[other] { $count } Stück ihrer Artikel
    }
promotion-of-accounts =
    { $count ->
        [one] von { $count } Kunden
       *[other] von { $count } Kunden
    }
promotion-cap = Höchstaufwand
promotion-cap-alt = { $rate } des Höchstaufwands sind verbraucht
promotion-use-reserved = Auftrag angehalten
promotion-use-committed = Auftrag bestätigt
promotion-use-released = Nicht zustande gekommen
promotion-created = Der Entwurf ist gespeichert. Vor der Freigabe gilt nichts davon.
promotion-saved = Der Entwurf ist gespeichert.
promotion-copied = Dies ist eine Kopie als neuer Entwurf. Prüfen Sie Zeit und Kunden.
promotion-done-submitted = Eingereicht. Jemand anderes muss sie freigeben.
promotion-done-withdrawn = Sie ist wieder ein Entwurf.
promotion-done-approved = Freigegeben. Sie gilt in ihrer Zeit für Aufträge.
promotion-done-sent-back = Mit Ihrem Wort zum Entwurf zurückgegeben.
promotion-done-stopped = Gestoppt. Neue Aufträge erhalten sie nicht mehr; Aufträge, die sie haben, behalten sie.
promotion-done-cancelled = Verworfen. Sie wird nicht laufen.
promotion-done-settled = Abgerechnet. Ihre Zahlen sind endgültig.
promotion-go-on = „{ $name }“ ansehen
promotion-moved-on = „{ $name }“ ist schon weiter: { $state }.
promotion-overtaken = Jemand anderes hat „{ $name }“ inzwischen geändert. Von Ihnen wurde nichts ausgeführt.
promotion-not-draft = „{ $name }“ ist kein Entwurf mehr ({ $state }) und lässt sich nicht ändern. Eine laufende Aktion lässt sich stoppen, eine Kopie ändern.
promotion-not-running = „{ $name }“ läuft nicht ({ $state }); es gibt nichts zu stoppen.
promotion-not-over = „{ $name }“ ist noch nicht vorbei ({ $state }). Abgerechnet wird nach dem letzten Tag.
promotion-not-cancellable = „{ $name }“ hat begonnen ({ $state }). Eine laufende Aktion wird gestoppt, nicht verworfen.
promotion-four-eyes = Sie haben „{ $name }“ selbst eingereicht. Jemand anderes muss sie freigeben.
promotion-time-over = Die Zeit von „{ $name }“ ist vorbei. Geben Sie ihr eine andere, bevor es weitergeht.
promotion-reaches-nobody = „{ $name }“ erreicht keinen Kunden. Wählen Sie die Kunden, bevor Sie einreichen.
promotion-beyond-portfolio = „{ $name }“ erreicht Kunden, die Sie nicht betreuen. Wählen Sie eigene Kunden nach Nummer.
promotion-fund-currency = Das Budget von „{ $name }“ hat eine andere Währung.
promotion-still-reserved =
    { $count ->
        [one] Ein angehaltener Auftrag reserviert noch etwas von „{ $name }“. Entscheiden Sie zuerst darüber.
       *[other] { $count } angehaltene Aufträge reservieren noch etwas von „{ $name }“. Entscheiden Sie zuerst darüber.
    }
promotion-mechanic = Mechanik
promotion-when = Name und Zeit
promotion-money = Geld und Grenzen
promotion-preview = Vorschau
promotion-check = Prüfen
promotion-preview-empty = Füllen Sie das Formular aus und prüfen Sie es: Hier steht dann, was die Aktion tut, wen sie erreicht, und ein Beispiel.
promotion-preview-faults = Bis zur Vorschau fehlt:
promotion-save = Entwurf speichern
promotion-leave = Ohne Speichern verlassen
promotion-assortment-hint = Nichts gewählt heißt alles
promotion-f-buy = Kaufen
promotion-f-get = Dazu
promotion-f-rate = Prozent Rabatt
promotion-f-rate-hint = Wo Ware gegeben wird: leer heißt gratis
promotion-f-each = Rabatt oder Preis je Einheit
promotion-f-from = Ab einer Menge von
promotion-f-from-hint = Leer: jede Menge
promotion-f-count-in = Gezählt in
promotion-f-gift = Artikelnummer der Zugabe
promotion-f-gift-quantity = Wie viele davon
promotion-f-gift-in = In
promotion-f-bundle-price = Preis des Pakets
promotion-f-from-value = Ab einem Nettowert von
promotion-f-times = Mal je Auftrag
promotion-f-none-hint = Leer: ohne Grenze
promotion-f-parts = Artikel des Pakets
promotion-f-parts-hint = Je Zeile: Artikelnummer und wie viele Kartons, etwa „ST-1004 2“. In Stück: „ST-1004 2 Stück“.
promotion-f-tiers = Stufen
promotion-f-tiers-hint = Je Zeile: ab wie vielen (oder welchem Wert) und wie viel Rabatt. „6 5%“ oder „500 25,00“.
promotion-f-skus = Artikelnummern
promotion-f-skus-hint = Von überall eingefügt, zwischen Leerzeichen, Kommas oder Zeilen.
promotion-f-brands = Marken
promotion-f-categories = Kategorien
promotion-f-without = Einiges ausnehmen
promotion-f-without-skus = Nicht diese Artikelnummern
promotion-f-without-brands = Nicht diese Marken
promotion-f-without-categories = Nicht diese Kategorien
promotion-f-own-accounts = Ihre Aktionen erreichen Kunden, die Sie betreuen.
promotion-f-chosen = Ausgewählte Kunden
promotion-f-accounts = Kundennummern
promotion-f-accounts-hint = Zwischen Leerzeichen, Kommas oder Zeilen.
promotion-f-groups = Gruppen
promotion-f-regions = Regionen
promotion-f-name = Name
promotion-f-name-hint = Händler lesen ihn.
promotion-f-code = Code
promotion-f-code-hint = Kurz und nur einmal, etwa „FRUEHJAHR-26“.
promotion-f-valid-from = Erster Tag
promotion-f-valid-last = Letzter Tag
promotion-f-fund-none = keines
promotion-f-cap = Eigener Höchstaufwand
promotion-f-per-account = Aufträge je Kunde
promotion-f-uses = Aufträge insgesamt
promotion-f-class = Ausschlussklasse
promotion-f-class-hint = Von einer Klasse gilt nur die beste. Leer: zusammen mit allen.
promotion-f-priority = Rang
promotion-f-priority-hint = Die kleinere Zahl zuerst.
promotion-f-currency = Währung
promotion-f-note = Notiz für Kollegen
fund = Budget
funds-lead = Aus ihnen werden Aktionen bezahlt. Aufträge reservieren, was sie nutzen, und buchen es, sobald sie bestätigt sind.
funds-none = Noch kein Budget
funds-none-text = Eine Aktion mit Budget endet von selbst, wenn es verbraucht ist.
fund-promotions = Aktionen
fund-promotions-none = Keine Aktion wird daraus bezahlt
fund-promotions-none-text = Wählen Sie dieses Budget im Formular einer Aktion.
fund-burn = Verbrauch
fund-burn-alt = { $rate } des Budgets { $name } sind verbraucht
fund-used = { $used } von { $budget }
fund-left = { $amount } übrig
fund-parts = { $committed } gebucht, { $reserved } reserviert
fund-new = Neues Budget
fund-create = Budget anlegen
fund-created = Das Budget ist bereit.
fund-saved = Das Budget ist geändert.
fund-budget = Budget
fund-budget-new = Neue Höhe
fund-budget-save = Budget ändern
fund-code = Budget { $code }
fund-book = Buchungen
fund-book-none = Noch nichts entnommen
fund-book-none-text = Jeder Auftrag, der eine Aktion dieses Budgets nutzt, hinterlässt hier seine Buchungen.
fund-entry = Buchung
fund-entry-reserve = Reserviert
fund-entry-commit = Gebucht
fund-entry-release = Freigegeben
fund-reserved = Reserviert
fund-committed = Gebucht
error-promotion-code-taken = Dieser Code ist vergeben. Bitte einen anderen wählen.
error-promotion-priority = Bitte eine ganze Zahl von 0 bis 999.
error-promotion-ends-before = Der letzte Tag liegt vor dem ersten.
error-promotion-over = Der letzte Tag ist schon vorbei.
error-promotion-nobody = Wählen Sie mindestens einen Kunden, eine Gruppe oder eine Region.
error-promotion-skus =
    { $count ->
        [one] Kein Artikel hat diese Nummer: { $typed }
       *[other] { $count } Artikelnummern sind unbekannt: { $typed }
    }
error-promotion-accounts =
    { $count ->
        [one] Kein Kunde von Ihnen hat diese Nummer: { $typed }
       *[other] { $count } Kundennummern sind nicht bei Ihren: { $typed }
    }
error-promotion-rows = Bitte höchstens { $most } Einträge.
error-promotion-part = „{ $typed }“ ist nicht zu verstehen. Eine Zeile ist Artikelnummer und Menge, etwa „ST-1004 2“.
error-promotion-part-twice = { $typed } ist zweimal genannt. Bitte einmal mit der ganzen Menge.
error-promotion-parts-few = Ein Paket hat mindestens zwei Artikel.
error-promotion-sku = Kein Artikel hat diese Nummer: { $typed }
error-promotion-tier = „{ $typed }“ ist nicht zu verstehen. Eine Zeile ist, wo die Stufe beginnt und wie viel Rabatt, etwa „6 5%“.
error-promotion-tiers-rise = „{ $typed }“ beginnt nicht über der Stufe davor.
error-promotion-fund-currency = Dieses Budget ist in { $currency }.
error-promotion-changed-meanwhile = Jemand anderes hat diesen Entwurf gespeichert, seit Sie ihn geöffnet haben. Noch einmal speichern überschreibt dessen Fassung; neu öffnen zeigt sie.
error-figure = Mit dieser Zahl ist hier nichts anzufangen.
error-figure-ambiguous = Mit drei Ziffern hinter dem Zeichen lässt sich das auf zwei Arten lesen. Schreiben Sie 2500 oder 2,50.
error-fund-below-used = { $used } sind schon reserviert oder gebucht; niedriger geht das Budget nicht.
month-1 = Jan
month-2 = Feb
month-3 = Mär
month-4 = Apr
month-5 = Mai
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Okt
month-11 = Nov
month-12 = Dez
