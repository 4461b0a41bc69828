plain = { $text }
skip-to-content = Zum Inhalt springen
search-label = Artikel suchen
search-hint = Name, Artikelnummer, EAN oder Marke
search-action = Suchen
nav-main = Hauptnavigation
nav-home = Bestellplatz
nav-catalogue = Katalog
nav-quick-order = Schnellbestellung
nav-orders = Bestellungen
nav-credit-notes = Gutschriften
nav-cart = Warenkorb
nav-company = Firma
nav-profile = Profil
nav-desk = Schreibtisch
nav-exceptions = Klärfälle
nav-kam-orders = Alle Bestellungen
nav-accounts = Kunden
nav-prices = Preise
nav-promotions = Aktionen
nav-funds = Budgets
nav-users = Benutzer
nav-imports = Importe
nav-mail = Postausgang
nav-audit = Protokoll
nav-health = Systemzustand
menu-settings = Einstellungen
theme = Farben
theme-auto = Automatisch
theme-light = Hell
theme-dark = Dunkel
language = Sprache
sign-out = Abmelden
acting-region = Bestellung im Auftrag
acting-for = Sie bestellen für { $name } ({ $number }).
acting-stop = Auftrag beenden
demo-note = Demo: Alle Firmen, Personen und Preise sind erfunden.
today = heute
yesterday = gestern
tomorrow = morgen
role-buyer = Einkauf
role-approver = Freigabe
role-account_admin = Firmenverwaltung
role-kam = Key-Account-Management
role-marketing = Marketing
role-finance = Buchhaltung
role-operations = Auftragsabwicklung
role-admin = Administration
account = Kunde
actions = Aktionen
all = Alle
amount = Betrag
bill-to = Rechnung an
city = Ort
date = Datum
email = E-Mail
file = Datei
filter = Filtern
filter-clear = Filter aufheben
from = Von
group = Gruppe
last-seen = Zuletzt aktiv
lines = Positionen
name = Name
net = netto
never = nie
note = Hinweis
number = Nummer
paging = Seiten
paging-next = Weiter
paging-page = Seite { $page } von { $pages }
paging-previous = Zurück
paging-rows = { $first }–{ $last } von { $total }
payment = Zahlung
print = Drucken
quantity = Menge
remove = Entfernen
remove-named = { $name } entfernen
role = Rolle
row = Zeile
save = Speichern
show-figures = Zahlen zeigen
state = Stand
total = Summe
total-net = Netto
total-vat = MwSt. { $rate }
total-gross = Gesamt mit MwSt.
vat = MwSt.
vat-intra-community = MwSt.: innergemeinschaftliche Lieferung, steuerfrei
vat-export = MwSt.: Ausfuhr, steuerfrei
unit = Einheit
until = Bis
form-errors =
    { $count ->
        [one] Eine Angabe bitte prüfen:
       *[other] { $count } Angaben bitte prüfen:
    }
unit-h87 =
    { $count ->
        [one] Stück
       *[other] Stück
    }
unit-xcs =
    { $count ->
        [one] Karton
       *[other] Kartons
    }
unit-xpx =
    { $count ->
        [one] Palette
       *[other] Paletten
    }
unit-xpk =
    { $count ->
        [one] Packung
       *[other] Packungen
    }
unit-xbg =
    { $count ->
        [one] Beutel
       *[other] Beutel
    }
unit-xbx =
    { $count ->
        [one] Schachtel
       *[other] Schachteln
    }
unit-kgm = kg
unit-ltr = Liter
unit-mtr = Meter
unit-pr =
    { $count ->
        [one] Paar
       *[other] Paar
    }
unit-set =
    { $count ->
        [one] Set
       *[other] Sets
    }
