nav-approvals = Freigaben
nav-approvals-count =
    { $count ->
        [one] eine wartet
       *[other] { $count } warten
    }
approvals-all = Bestellungen Ihres Unternehmens, die eine Kollegin oder ein Kollege freigeben muss.
approvals-own = Ihre Bestellungen, die auf eine Freigabe warten.
approvals-tabs = Offen oder entschieden
approvals-waiting = Offen
approvals-decided = Entschieden
approvals-none-title = Nichts wartet
approvals-none = Bestellungen, nach denen eine Regel Ihres Unternehmens fragt, stehen hier, bis jemand entscheidet.
approvals-none-decided-title = Noch nichts entschieden
approvals-none-decided = Was freigegeben oder zurückgegeben wurde, steht hier, mit Namen und Grund.
approvals-to-orders = Ihre Bestellungen
approval-title = Freigabe der Bestellung { $number }
approval-to-order = Bestellung öffnen
approval-why = Warum eine Freigabe nötig ist
approval-due = Entscheiden bis
approval-by = { $name } entscheidet
approval-step-of = Schritt { $step } von { $steps }
approval-is-own = Ihre Bestellung
approval-decide = Entscheiden
approval-look = Ansehen
approval-decision = Ihre Entscheidung
approval-word = Mitteilung an die bestellende Person (freiwillig)
approval-approve = Bestellung freigeben
approval-reason = Grund
approval-reason-hint = Wer bestellt hat, liest ihn und kann die Bestellung ändern und neu absenden.
approval-reject = Zurückgeben
approval-waiting = Späterer Schritt
approval-open = Offen
approval-released = Freigegeben
approval-rejected = Zurückgegeben
approval-expired = Abgelaufen
approval-withdrawn = Hinfällig
approval-not-own = Sie haben diese Bestellung selbst aufgegeben. Jemand anderes mit Freigaberecht entscheidet darüber.
approval-not-role = Darüber entscheidet, wer in Ihrem Unternehmen freigeben oder verwalten darf.
approval-not-named = { $name } entscheidet darüber.
approval-not-staff = Darüber entscheidet das Unternehmen selbst.
approval-why-total = Die Bestellung beträgt { $net } netto; bis { $threshold } ist keine Freigabe nötig.
approval-why-category = { $category }: { $net } netto; bis { $threshold } ist keine Freigabe nötig.
approval-why-off-list =
    { $count ->
        [one] Für einen Artikel ist kein Preis vereinbart: { $skus }.
       *[other] Für { $count } Artikel ist kein Preis vereinbart: { $more ->
            [0] { $skus }.
           *[other] { $skus } und { $more } weitere.
        }
    }
approval-why-new-ship-to = Erste Bestellung an „{ $name }“.
approval-why-budget = { $over } über dem Budget: Seit { $from } waren { $used } von { $limit } verbraucht, diese Bestellung beträgt { $net }.
approved-and-confirmed = Bestellung { $number } ist freigegeben und bestätigt.
approved-and-waits = Bestellung { $number } ist freigegeben. Sie wartet noch auf die nächste Entscheidung.
sent-back = Bestellung { $number } ist zurückgegeben; wer bestellt hat, erfährt den Grund.
rules-title = Freigaberegeln
rules-none = Keine Regeln: Jede Bestellung geht ohne Freigabe durch.
rule-asks = Freigabe nötig, wenn
rule-level = Stufe
rule-level-1 = 1 – wird zuerst gefragt
rule-level-2 = 2 – nach Stufe 1
rule-level-3 = 3 – wird zuletzt gefragt
rule-approver = Entscheidet
rule-anybody = alle mit Freigabe- oder Verwaltungsrecht
rule-add = Regel hinzufügen
rule-save = Regel speichern
rule-added = Die Regel ist gespeichert. Sie gilt ab jetzt.
rule-removed = Die Regel ist entfernt. Bestellungen, die schon warten, warten weiter.
rule-remove-named = Regel entfernen:
rule-threshold = Betrag ({ $currency }, netto)
rule-threshold-hint = Bei Summe oder Warengruppe: Was darüber liegt, braucht eine Freigabe.
rule-category-label = Warengruppe
rule-category-none = – für eine Regel zur Warengruppe –
rule-kind-total = die Summe über einem Betrag liegt
rule-kind-category = eine Warengruppe über einem Betrag liegt
rule-kind-off_list = für einen Artikel kein Preis vereinbart ist
rule-kind-new_ship_to = eine Lieferanschrift neu ist
rule-kind-budget = das Budget nicht reicht
rule-total = Bestellsumme über { $threshold } netto
rule-category = { $category } über { $threshold } netto
rule-off_list = Ein Artikel ohne vereinbarten Preis
rule-new_ship_to = Erste Bestellung an eine Lieferanschrift
rule-budget = Das Budget der bestellenden Person reicht nicht
rule-is-there = Diese Regel gibt es schon.
rules-too-many = Das sind mehr Regeln, als eine Bestellung durchlaufen kann. Entfernen Sie zuerst eine.
approval-nobody-decides = Niemand könnte freigeben: Keine Person mit Freigabe- oder Verwaltungsrecht kann sich anmelden. Laden Sie jemanden ein, oder vergeben Sie die Rolle.
approval-nobody-else-decides = Niemand könnte Bestellungen von { $names } freigeben, denn niemand gibt die eigenen frei. Laden Sie jemanden mit Freigaberecht ein, oder vergeben Sie die Rolle.
approval-invite = Jemanden mit Freigaberecht einladen
approval-change-role = Eine Rolle ändern
approver-is-named = Eine Regel nennt { $name } als die Person, die entscheidet. Ändern Sie zuerst die Regel.
approver-is-named-next = Zu den Freigaberegeln
approver-is-last = Ohne { $name } könnte niemand Bestellungen von { $others } freigeben, und die Regeln des Unternehmens verlangen es.
approver-is-last-next = Zuerst jemand anderen mit Freigaberecht einladen
budgets-title = Budgets
budget-title = Budget
budgets-none = Niemand hat ein Budget.
budgets-unasked = Noch achtet keine Regel auf Budgets: Sie zu überschreiten hat keine Folgen.
budget-add = Budget festlegen
budget-save = Budget speichern
budget-user = Person
budget-limit = Budget ({ $currency }, netto)
budget-period = Zeitraum
budget-month = im Monat
budget-quarter = im Quartal
budget-year = im Jahr
budget-until = bis { $date }
budget-used = { $used } von { $limit } verbraucht
budget-left = { $left } übrig
budget-over = aufgebraucht
budget-with-order = Diese Bestellung ist schon mitgezählt.
budget-set = Das Budget von { $name } ist gespeichert.
budget-removed = { $name } hat kein Budget mehr.
budget-remove-named = Budget von { $name } entfernen
error-amount = Das ist kein Betrag. Er sieht aus wie 1500 oder 1500,00.
error-amount-ambiguous = Das lässt sich auf zwei Arten lesen. Schreiben Sie 1500 oder 1500,00.
take-back = Positionen zurück in den Warenkorb
take-back-hint = Positionen, Nummer und Bemerkung der Bestellung gehen zurück in den Warenkorb, um geändert und neu abgesendet zu werden. Eine Bestellung, die noch wartet, wird dabei storniert.
taken-back =
    { $count ->
        [one] Eine Position ist wieder im Warenkorb. Ändern Sie, was nötig ist, und senden Sie neu ab.
       *[other] { $count } Positionen sind wieder im Warenkorb. Ändern Sie, was nötig ist, und senden Sie neu ab.
    }
taken-back-reason = Zurück in den Warenkorb genommen
refused-not-taken-back = Die Bestellung ist schon bestätigt und wird deshalb nicht zurückgenommen.
refused-not-taken-back-next = Bestellung { $number } ansehen; dort können Sie ihre Positionen neu bestellen
approval-moved-on = Bestellung { $number } hat diese Freigabe nicht mehr zu entscheiden. Jemand hat entschieden, oder die Bestellung ist weiter.
approval-moved-on-next = Freigabe noch einmal ansehen
