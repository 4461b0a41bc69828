trial-refused-next = Zu den Versuchen
trial-already-runs = Ein Versuch mit genau diesem Anteil läuft bereits. Nichts wurde geändert.
trial-none-runs = Es läuft kein Versuch: Er ist bereits beendet.
nav-suggestions = Wirkung der Vorschläge
effect-lead-none = Was Vorschläge für Bestellungen bewirken und was aus ihnen wird.
effect-lead-running = Seit { $at } bleiben { $share } der Kunden, durch Zufall gezogen, ohne Vorschläge.
effect-lead-ended = Von { $from } bis { $to } blieben { $share } der Kunden, durch Zufall gezogen, ohne Vorschläge.
effect-conclusion = Was sich sagen lässt
effect-conclusion-note = Was ein Kunde in der Woche bestellt, entscheidet den Versuch. Ein 95-%-Bereich liegt einmal in zwanzig Fällen falsch; wer täglich nachsieht und am ersten guten Tag aufhört, weit öfter. Legen Sie einen Tag für die Entscheidung fest und warten Sie ihn ab.
effect-not-enough = Noch nicht genug: { $with } Kunden mit und { $without } ohne Vorschläge haben in { $days } Tagen bestellt. Ab je { $accounts } und { $least-days } Tagen lässt sich etwas sagen.
effect-more-weekly-value = Kunden mit Vorschlägen bestellen in der Woche für { $rate } mehr als Kunden ohne: zwischen { $low } und { $high } mehr.
effect-less-weekly-value = Kunden mit Vorschlägen bestellen in der Woche für { $rate } weniger als Kunden ohne: zwischen { $low } und { $high } weniger.
effect-open-weekly-value = Beim Bestellwert je Woche lässt sich kein Unterschied erkennen: Er liegt zwischen { $low } und { $high }. Bei so vielen Kunden fiele einer ab { $detectable } auf.
effect-no-weekly-value = Der Bestellwert je Woche lässt sich nicht vergleichen.
effect-more-median-seconds = Eine Bestellung dauert bei ihnen { $rate } länger: zwischen { $low } und { $high } länger.
effect-less-median-seconds = Eine Bestellung dauert bei ihnen { $rate } weniger lang: zwischen { $low } und { $high } weniger.
effect-open-median-seconds = Bei der Dauer einer Bestellung lässt sich kein Unterschied erkennen: Er liegt zwischen { $low } und { $high }.
effect-no-median-seconds = Die Dauer einer Bestellung lässt sich nicht vergleichen: Zu wenige Besuche endeten mit einer.
effect-metric = Maß
effect-metric-weekly-value = Wert je Kunde und Woche
effect-metric-weekly-orders = Bestellungen je Kunde und Woche
effect-metric-order-value = Wert einer Bestellung
effect-metric-order-lines = Positionen einer Bestellung
effect-metric-median-seconds = Dauer bis zur Bestellung, Median
effect-metric-mean-seconds = Dauer bis zur Bestellung, Mittel
effect-metric-suggested-share = Positionen aus Vorschlägen
effect-with = Mit Vorschlägen
effect-without = Ohne
effect-all = Alle Kunden
effect-compared = Im Vergleich
effect-numbers = Zahlen
effect-difference = Unterschied
effect-relative = In Prozent
effect-verdict = Bedeutet
effect-verdict-more = mehr
effect-verdict-less = weniger
effect-verdict-open = kein Unterschied erkennbar
effect-verdict-not-enough = noch nicht genug
effect-detectable = fiele ab { $rate } auf
effect-duration = { $minutes ->
        [0] { $seconds } s
       *[other] { $minutes } min { $seconds } s
    }
effect-orders = { $count ->
        [one] Bestellung
       *[other] Bestellungen
    }
effect-accounts = { $ordering } von { $accounts } Kunden haben bestellt
effect-foreign = { $count ->
        [one] 1 Bestellung in anderer Währung ist gezählt, aber nicht in den Werten.
       *[other] { $count } Bestellungen in anderen Währungen sind gezählt, aber nicht in den Werten.
    }
effect-figure = Unterschiede zwischen Kunden mit und ohne Vorschläge; die Zahlen stehen in der Tabelle darunter
effect-figure-caption = Wie weit Kunden mit Vorschlägen von denen ohne entfernt sind, in Prozent, und der Bereich, in dem der wahre Unterschied in 95 von 100 Fällen liegt. Was die Linie in der Mitte nicht berührt, ist ein Unterschied.
effect-none = kein Unterschied
period-from = Von
period-to = Bis
period-show = Anzeigen
period-order = Der letzte Tag liegt vor dem ersten.
period-length = Bitte höchstens { $days } Tage auf einmal.
funnel-title = Was aus Vorschlägen wurde
funnel-lines = { $count ->
        [one] von 1 Bestellposition
       *[other] von { $count } Bestellpositionen
    }
funnel-none = In diesen Tagen wurde niemandem etwas vorgeschlagen.
funnel-list = Liste
funnel-shown = Gezeigt
funnel-in-carts = In Warenkörben
funnel-ordered = Bestellt
funnel-changed = Andere Menge
funnel-dismissed = Abgelehnt
funnel-share = Von allen Positionen
funnel-accepted = { $rate } der gezeigten
funnel-unknown = Nicht bekannt
suggestion-list-usual = Übliche Bestellung
suggestion-list-due = Fällig
suggestion-list-new = Neu zum Ausprobieren
suggestion-list-goes_with = Passt dazu
suggestion-list-forgotten = Vergessen?
suggestion-list-instead = Stattdessen
suggestion-list-promotion = In einer Aktion
surfaces-title = Wo sie gezeigt wurden
surfaces-where = Seite
surfaces-unknown = Nicht bekannt
surface-home = Startseite
surface-catalogue = Katalog
surface-product = Artikel
surface-cart = Warenkorb
surface-quick_order = Schnellbestellung
surface-search = Suche
surface-api = API
surface-mail = Mail
surface-kam = Kundenprofil
trial-none-title = Nichts wird erprobt
trial-none = In einem Versuch bleiben einige durch Zufall gezogene Kunden eine Zeit lang ohne Vorschläge. Nur so lässt sich sagen, was Vorschläge bewirken. Legen Sie unten den Anteil fest und beginnen Sie.
trial-no-control = In diesem Versuch bleibt niemand ohne Vorschläge; es gibt nichts zu vergleichen.
trial-share = Kunden ohne Vorschläge, in Prozent
trial-share-hint = 0 bis 50. Bei einem Zehntel verzichten wenige, und es dauert länger, bis sich etwas sagen lässt.
trial-share-range = Bitte geben Sie Prozent von 0 bis 50 ein, mit höchstens zwei Nachkommastellen.
trial-begin = Versuch beginnen
trial-begin-another = Diesen beenden und einen neuen beginnen
trial-begun = Der Versuch läuft: { $share } der Kunden bleiben ab jetzt ohne Vorschläge.
trial-end = Versuch beenden
trial-ended = Der Versuch ist beendet. Alle sehen Vorschläge.
trial-unknown = Diesen Versuch gibt es nicht.
trials-title = Versuche
trials-none = Es gab noch keinen Versuch.
trials-begun = Begonnen
trials-ended = Beendet
trials-running = Läuft
trials-share = Ohne
trials-by = Begonnen von
trials-show = Anzeigen
trials-shown = Oben gezeigt
