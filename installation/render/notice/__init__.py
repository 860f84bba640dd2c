"""What visitors are told: icon, letters and pages, for the wall and for the printed sign. Drawn once, not every picture."""
