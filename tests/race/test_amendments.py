"""An amendment is approved once, and never empties a year that payments were scheduled in at the same instant."""


def test_amendment_approved_while_its_year_is_scheduled_keeps_the_books(race):
    said, outcome = race("tests.race.amendments")

    approved, scheduled = said.count("approved"), said.count("scheduled")
    assert set(said) <= {"approved", "scheduled", "refused"}
    assert outcome["held"] == outcome["awarded"] == "50000.00"
    # Whoever came first: either the year is empty and nothing is scheduled in it, or it is as it was.
    assert (approved, scheduled, outcome["state"], outcome["versions"], outcome["amount"], outcome["scheduled"]) in [
        (1, 0, "approved", 2, "0.00", ["0.00", "0.00"]),
        (0, 2, "recommended", 1, "10000.00", ["10000.00", "10000.00"]),
    ]
