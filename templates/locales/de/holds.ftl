holds-title = Worauf die Bestellung wartet
holds-decided-title = Was entschieden wurde
hold-due = Entscheidung bis { $date }
hold-approval = Freigabe in der Firma
hold-credit = Kreditlimit
hold-overdue = Überfällige Rechnungen
hold-stock-short = Bestand reicht nicht
hold-price-drift = Ein Preis hat sich geändert
hold-below-minimum = Unter dem Mindestbestellwert
hold-duplicate = Sieht doppelt aus
hold-unusual-quantity = Ungewöhnliche Menge
hold-kam-review = Prüfung durch die Kundenbetreuung
hold-export-failed = Übergabe an das Lager
hold-level = Stufe { $level }
hold-state-waiting = Ist noch nicht an der Reihe
hold-state-open = Zu entscheiden
hold-state-released = Freigegeben
hold-state-rejected = Abgelehnt
hold-state-expired = Nicht rechtzeitig entschieden
hold-state-withdrawn = Nicht mehr nötig
hold-decided = { $name }, { $date }
hold-opened = offen seit { $date }
releaser-approver = Jemand mit Freigaberecht beim Kunden
releaser-kam = Kundenbetreuung
releaser-finance = Buchhaltung
releaser-operations = Auftragsabwicklung
hold-why-approval-total = Bestellungen über { $threshold } netto brauchen eine Freigabe; diese hat { $net } netto.
hold-why-approval-category = { $name }: Über { $threshold } netto braucht es eine Freigabe; diese Bestellung hat davon { $net }.
hold-why-approval-off-list =
    { $count ->
        [one] Ein Artikel hat keinen vereinbarten Preis: { $skus }.
       *[other] { $count } Artikel haben keinen vereinbarten Preis: { $skus }.
    }
hold-why-approval-new-ship-to = An { $name } wurde noch nie geliefert.
hold-why-approval-budget = Das Budget ab { $from } beträgt { $limit } netto, davon sind { $used } verbraucht. Mit { $net } liegt diese Bestellung { $over } darüber.
hold-why-credit = Diese Bestellung liegt { $over } über Ihrem Kreditlimit von { $limit }.
hold-why-credit-other = Die Firma, die für Sie zahlt, hat ihr Kreditlimit erreicht.
hold-facts-credit = Limit { $limit }, vorher ausgeschöpft { $exposure }, diese Bestellung { $gross } brutto: { $over } über dem Limit.
hold-why-overdue =
    { $items ->
        [one] Eine Rechnung über { $overdue } ist überfällig, seit { $days } Tagen.
       *[other] { $items } Rechnungen über zusammen { $overdue } sind überfällig, die älteste seit { $days } Tagen.
    }
hold-why-overdue-other = Die Firma, die für Sie zahlt, hat überfällige Rechnungen.
hold-facts-overdue =
    { $items ->
        [one] Eine Rechnung über { $overdue } ist überfällig, seit { $days } Tagen; geduldet sind { $tolerance }.
       *[other] { $items } Rechnungen über zusammen { $overdue } sind überfällig, die älteste seit { $days } Tagen; geduldet sind { $tolerance }.
    }
hold-why-stock-line = { $name } ({ $sku }): { $against } von { $ordered } da, für den Rest gibt es kein Datum.
hold-why-stock-line-date = { $name } ({ $sku }): { $against } von { $ordered } da, mehr am { $date }.
hold-why-stock-complete = Vereinbart sind nur vollständige Lieferungen: Sie geht, wenn alles da ist.
hold-why-more-lines =
    { $count ->
        [one] Eine weitere Position.
       *[other] { $count } weitere Positionen.
    }
hold-why-price-drift = Seit der Bestellung haben sich Preise geändert: damals { $before } netto, jetzt { $now } netto.
hold-why-below-minimum = Ware für { $net } netto; der Mindestbestellwert ist { $minimum }, es fehlen also { $missing }.
hold-why-duplicate = Sie hat dieselben Positionen wie die Bestellung { $order } vom { $date }.
hold-why-unusual-line = { $name } ({ $sku }): { $ordered } bestellt, sonst { $against }.
hold-why-kam-review = Ihre Kundenbetreuung sieht sich Ihre Bestellungen zuerst an.
hold-facts-kam-review = Prüfung gewünscht: { $note }
hold-why-export-failed = Die Übergabe an das Lager ist fehlgeschlagen; wir kümmern uns darum.
hold-facts-export-failed = Die Übergabe ist fehlgeschlagen: { $error }
hold-next-waiting = Sie wird erbeten, sobald die Stufe davor freigegeben ist.
hold-next-approver = In Ihrer Firma wird bis { $date } über die Freigabe entschieden.
hold-next-approver-named = { $name } entscheidet bis { $date }.
hold-next-kam = Ihre Kundenbetreuung entscheidet bis { $date }.
hold-next-finance = Unsere Buchhaltung entscheidet bis { $date }.
hold-next-operations = Unsere Auftragsabwicklung entscheidet bis { $date }.
hold-help-pay = Es hilft, die Rechnung { $number } über { $amount } zu bezahlen.
hold-help-below-minimum = Sie können sie auch stornieren, ergänzen und neu bestellen.
hold-help-duplicate = Wenn es dieselbe Bestellung zweimal ist, stornieren Sie eine davon.
hold-help-unusual-quantity = Wenn die Menge ein Versehen ist, stornieren Sie sie und bestellen Sie neu.
hold-reason = Begründung
hold-reason-hint = Zum Ablehnen braucht es eine Begründung, die der Kunde liest; bei einer Freigabe bleibt sie im Haus.
hold-reason-hint-approver = Nötig zum Ablehnen; wer bestellt hat, liest sie in jedem Fall.
hold-reason-missing = Sagen Sie kurz, warum: Der Kunde liest es.
hold-release = Freigeben
hold-release-approver = Genehmigen
hold-reject = Bestellung ablehnen
hold-of-order = der Bestellung { $number }
hold-released-done = Freigegeben. Die Bestellung { $number } wartet noch auf andere Entscheidungen.
hold-confirmed-done = Bestellung { $number } ist bestätigt.
hold-rejected-done = Bestellung { $number } ist abgelehnt; der Kunde erfährt, warum.
held-next = Vor der Bestätigung wird nichts geliefert; was am Lager ist, bleibt solange für Sie reserviert.
held-next-staff = Bestand, Aktionen und Kredit bleiben reserviert, bis entschieden ist.
rejected-title = Diese Bestellung wurde abgelehnt
rejected-text = Dazu wird nichts geliefert, alles Reservierte ist wieder frei. Sie können die Positionen in den Warenkorb zurückholen, ändern und neu bestellen.
expired-title = Es wurde nicht rechtzeitig entschieden
expired-text = Die Bestellung ist verfallen: Dazu wird nichts geliefert, alles Reservierte ist wieder frei. Sie können die Positionen in den Warenkorb zurückholen und neu bestellen.
exceptions-lead = Bestellungen, die auf eine Entscheidung warten: was am längsten den größten Wert aufhält, zuerst.
exceptions-kind = Grund
exceptions-releaser = Wer entscheidet
exceptions-releaser-mine = Ich
exceptions-releaser-approver = Jemand mit Freigaberecht beim Kunden
exceptions-releaser-kam = Kundenbetreuung
exceptions-releaser-finance = Buchhaltung
exceptions-releaser-operations = Auftragsabwicklung
exceptions-why = Warum sie wartet
exceptions-due = Entscheiden bis
exceptions-decision = Entscheidung
exceptions-waits-for = Wartet auf: { $who }
exceptions-none-title = Nichts wartet
exceptions-none = Bestellungen über dem Kreditlimit, unter dem Mindestwert, ohne genug Bestand oder außerhalb des Üblichen stehen hier, bis sie entschieden sind.
exceptions-none-found-title = Nichts passt
exceptions-none-found = Zu den Filtern gibt es nichts Offenes. Heben Sie sie auf, um alles zu sehen.
hold-late-released = { $name } hat das bereits am { $date } freigegeben. Jetzt wurde nichts geändert.
hold-late-rejected = { $name } hat die Bestellung { $number } bereits am { $date } abgelehnt. Jetzt wurde nichts geändert.
hold-late-expired = Darüber wurde nicht rechtzeitig entschieden: Bestellung { $number } ist am { $date } verfallen.
hold-late-withdrawn = Das braucht keine Entscheidung mehr: Bestellung { $number } wurde am { $date } storniert oder abgelehnt.
hold-late-waiting = Das ist noch nicht zu entscheiden: Erst kommt die Stufe davor.
hold-late-next = Bestellung { $number } ansehen
