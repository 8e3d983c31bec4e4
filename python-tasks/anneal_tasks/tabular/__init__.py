"""Reading, checking and splitting tables of text cells."""
