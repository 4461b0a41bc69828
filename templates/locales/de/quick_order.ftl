quick-order-lead = Bis zu { $max } Zeilen einfügen, tippen oder hochladen. Fehlerhafte Zeilen bleiben, bis Sie entscheiden.
quick-order-paste = Liste einfügen
quick-order-lines = Zeilen
quick-order-hint = Je Zeile: Artikelnummer oder GTIN, Menge und auf Wunsch die Einheit. Dazwischen Tabulator, Komma, Semikolon oder Leerzeichen.
quick-order-check = Zeilen prüfen
quick-order-type = Eine Zeile tippen
quick-order-one = Artikelnummer, GTIN oder Name, dann Menge
quick-order-one-hint = Zum Beispiel: DOG-ADL-12 24
quick-order-add-line = Zeile hinzufügen
quick-order-upload = Datei hochladen
quick-order-file-hint = CSV oder XLSX mit Spalten für Artikelnummer oder GTIN, Menge, Einheit.
quick-order-upload-action = Datei hochladen
quick-order-wrong =
    { $count ->
        [one] Eine Zeile braucht eine Entscheidung
       *[other] { $count } Zeilen brauchen eine Entscheidung
    }
quick-order-wrong-kept = Sie bleiben erhalten; die anderen sind bereit.
quick-order-row = Zeile { $position }
quick-order-meant = Welcher Artikel ist gemeint?
quick-order-correct = Übernehmen
quick-order-remove-named = Zeile { $position } entfernen
quick-order-good =
    { $count ->
        [one] Eine Zeile ist bereit
       *[other] { $count } Zeilen sind bereit
    }
quick-order-add =
    { $count ->
        [one] Zeile in den Warenkorb
       *[other] { $count } Zeilen in den Warenkorb
    }
quick-order-added =
    { $count ->
        [one] Eine Zeile liegt im Warenkorb.
       *[other] { $count } Zeilen liegen im Warenkorb.
    }
quick-order-clear = Alle Zeilen verwerfen
quick-order-cleared = Alle Zeilen sind verworfen.
quick-order-empty-title = Noch keine Zeilen
quick-order-empty = Geprüfte Zeilen stehen hier mit Preis und Summe, bis Sie sie in den Warenkorb legen. Sie bleiben, wenn Sie die Seite verlassen.
remark-back-order = wird nachgeliefert
remark-merged = mehrere Zeilen dieses Artikels wurden zusammengezählt
sku-or-gtin = Artikelnummer oder GTIN
take-quantity = { $quantity } nehmen
quick-order-other = Andere Artikelnummer oder GTIN
quick-order-left = { $added ->
        [one] Eine Zeile liegt im Warenkorb.
       *[other] { $added } Zeilen liegen im Warenkorb.
    } { $left ->
        [one] Eine Zeile braucht noch eine Entscheidung.
       *[other] { $left } Zeilen brauchen noch eine Entscheidung.
    }
quick-order-none-ready = Noch ist keine Zeile für den Warenkorb bereit.
