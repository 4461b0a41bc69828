trial-refused-next = Zu den Versuchen
trial-already-runs = Ein Versuch mit genau diesem Anteil läuft bereits. Nichts wurde geändert.
trial-none-runs = Es läuft kein Versuch: Er ist bereits beendet.
