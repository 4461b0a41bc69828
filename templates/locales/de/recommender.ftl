nav-recommender = Empfehlungen
recommender-lead = Lernt aus allen Bestellungen, was Händler als Nächstes bestellen. Trainiert wird nachts, wenn Bestellungen hinzukamen; eine neue Bestellung zählt sofort.
recommender-train = Jetzt trainieren
recommender-asked = Das Modell wird trainiert. Das Ergebnis steht dann auf dieser Seite.
recommender-goes-on = Es wird bereits trainiert. Das Ergebnis steht dann auf dieser Seite.
recommender-running = Das Modell wird trainiert
recommender-waiting = Das Training beginnt gleich
recommender-asked-at = Seit { $at }.
recommender-because-missing = Es gibt kein brauchbares Modell.
recommender-because-nightly = Seit dem letzten kamen Bestellungen hinzu.
recommender-because-outgrown = Seit dem letzten kamen viele Bestellungen hinzu.
recommender-because-asked = Jemand hat darum gebeten.
recommender-last-try =
    { $count ->
        [one] Der erste Versuch ist gescheitert:
       *[other] { $count } Versuche sind gescheitert, der letzte:
    }
recommender-failed = Das Training wurde aufgegeben, { $at }
recommender-failed-is =
    { $count ->
        [one] Es ist einmal gescheitert. Das vorige Modell bleibt in Gebrauch; trainieren Sie erneut, sobald die Ursache behoben ist.
       *[other] Es ist { $count }-mal gescheitert. Das vorige Modell bleibt in Gebrauch; trainieren Sie erneut, sobald die Ursache behoben ist.
    }
recommender-refused = Das neueste Modell ist nicht brauchbar
recommender-damaged = Es ist nicht mehr, was gespeichert wurde: Die Prüfsumme weicht ab.
recommender-foreign = Es hat das Format { $format } einer anderen Version von Kontor.
recommender-refused-next = Gefragt wird das vorige, oder Bestellungen werden nur gezählt; ein Training erzeugt ein neues.
recommender-old = Das Modell ist { $count } Tage alt
recommender-old-is =
    { $count ->
        [one] Seither kam oder änderte sich eine Bestellung. Es hätte längst trainiert werden sollen: Prüfen Sie, ob ein Worker läuft.
       *[other] Seither kamen oder änderten sich { $count } Bestellungen. Es hätte längst trainiert werden sollen: Prüfen Sie, ob ein Worker läuft.
    }
recommender-nothing-title = Noch nichts zu lernen
recommender-nothing = Sobald bestellt wird oder frühere Bestellungen importiert sind, lernt das Modell daraus.
recommender-import = Bestellungen importieren
recommender-none-title = Noch kein Modell
recommender-none = Bis eines trainiert ist, beruhen Vorschläge auf gezählten Bestellungen.
recommender-trained = Trainiert
recommender-since =
    { $count ->
        [0] seither keine Bestellung
        [one] seither eine neue oder geänderte Bestellung
       *[other] seither { $count } neue oder geänderte Bestellungen
    }
recommender-recall = Unter zehn Vorschlägen gefunden
recommender-baseline = häufigste Artikel: { $share }
recommender-unmeasured = zu wenige Bestellungen zum Messen
recommender-orders = Gelernt aus Bestellungen
recommender-of = { $accounts } Kunden, { $items } Artikel
recommender-lines = Positionen
recommender-time = Trainingsdauer
recommender-memory = höchstens { $count } { $unit } Speicher
recommender-serving = Dieser Prozess fragt das Modell vom { $at } und kennt { $orders } Bestellungen.
recommender-counting = Dieser Prozess fragt kein trainiertes Modell: Er zählt { $orders } Bestellungen.
recommender-rows = Gespeicherte Modelle
recommender-size = Größe
recommender-format = Format
recommender-state-usable = brauchbar
recommender-state-damaged = beschädigt
recommender-state-foreign = andere Version
refused-training-goes-on = Das Modell wird bereits trainiert.
refused-training-goes-on-next = Zum Stand des Trainings
job-train_recommender = Training der Empfehlungen
